import ArgumentParser
import BLIP
import BlipEvaluation
import Foundation

struct EvalCaptions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "captions",
        abstract: "Score captions by BLEU, ROUGE-L and CIDEr-D, as the COCO challenge does.",
        discussion: """
            CIDEr takes its document frequencies from the captions of the pictures that are scored, \
            so with --limit it is another score than that of the whole set.

            EXAMPLES
              blip eval captions captions_val2014.json val2014/ --beams 3 --results run.jsonl
              blip eval captions mine.json pictures/ --prompt "a picture of" --json
            """)

    @Argument(help: "Captions in COCO's format.", completion: .file(extensions: ["json"]))
    var annotations: String

    @Argument(help: "The folder with the pictures.", completion: .directory)
    var images: String

    @Option(help: ArgumentHelp("Words that the captions begin with.", valueName: "text"))
    var prompt = ""

    @OptionGroup(title: "Evaluation") var evaluation: EvaluationArguments
    @OptionGroup(title: "Generation") var generation: GenerationArguments
    @OptionGroup(title: "Model") var model: ModelArguments
    @OptionGroup(title: "Output") var output: OutputArguments

    /// A line of the results file.
    private struct Record: Codable {
        let imageID: DataSetID
        let caption: String

        enum CodingKeys: String, CodingKey {
            case imageID = "image_id"
            case caption
        }
    }

    func run() async throws {
        try await reportingFailures {
            let pictures = evaluation.limited(
                try PictureFolder(images).captioned(annotations))
            var run = try await EvaluationRun<Record>(
                "captions", .caption, on: [annotations], over: pictures.map(\.input), model: model,
                output: output, evaluation: evaluation,
                settings: generation.settings.merging(prompt.isEmpty ? [:] : ["prompt": prompt]) {
                    $1
                })
            let done = Set(run.records.map(\.imageID))
            let left = pictures.filter { !done.contains($0.id) }
            let ids = Dictionary(left.map { ($0.input.name, $0.id) }, uniquingKeysWith: { $1 })
            try await run.forEach(
                left.map(\.input), task: .caption,
                batchSize: generation.pictures(perBatch: output.batch)
            ) { model, items in
                let captions = try await model.captions(
                    of: items.map(\.encoded), prompt: prompt, options: generation.options)
                return zip(items, captions).map { item, captions in
                    guard let id = ids[item.input.name], let best = captions.first else {
                        return []
                    }
                    return [Record(imageID: id, caption: best.text)]
                }
            }
            let scored = cases(of: pictures, run.records)
            try run.finish(pictures.count, pictureScore: "CIDEr × 100") {
                try table(of: scored.map(\.captions))
            } pictures: {
                zip(scored, CIDEr.scores(of: scored.map { TokenizedCase($0.captions) })).map {
                    ScoredPicture($0.picture.input, $0.captions, cider: $1)
                }
            }
        }
    }

    /// The pictures that ran, with what was said of them.
    private func cases(
        of pictures: [CaptionedPicture], _ records: [Record]
    ) -> [(picture: CaptionedPicture, captions: CaptionCase)] {
        let captions = Dictionary(
            records.map { ($0.imageID, $0.caption) }, uniquingKeysWith: { $1 })
        return pictures.compactMap { picture in
            captions[picture.id].map {
                (picture, CaptionCase(candidate: $0, references: picture.captions))
            }
        }
    }

    private func table(of cases: [CaptionCase]) throws -> ScoreTable {
        let scores = try CaptionScores(of: cases)
        let named =
            scores.bleu.enumerated().map { ("BLEU-\($0.offset + 1)", $0.element) }
            + [("ROUGE-L", scores.rougeL), ("CIDEr", scores.cider)]
        return ScoreTable(
            rows: named.map { .init(metric: $0.0, score: $0.1, count: cases.count) },
            counted: "pictures")
    }
}

extension ScoredPicture {
    fileprivate init(_ input: ImageInput, _ captions: CaptionCase, cider: Double) {
        self.init(
            input: input, score: 100 * cider, scoreText: String(format: "CIDEr %.1f", 100 * cider),
            lines: [.init(name: "model", text: captions.candidate, look: .first)]
                + captions.references.map { .init(name: "people", text: $0) })
    }
}
