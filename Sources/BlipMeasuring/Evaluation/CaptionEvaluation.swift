package import BLIP
import BlipEvaluation
import BlipCommandSupport
import Foundation

/// Captions of a data set's pictures, scored by what people wrote of them.
package struct CaptionEvaluation {
    private let annotations: String
    private let pictures: [CaptionedPicture]
    private let prompt: String
    private let options: GenerationOptions
    private let batch: Int?

    /// - Parameters:
    ///   - annotations: captions in COCO's format.
    ///   - folder: where the pictures lie.
    ///   - limit: how many of them are captioned, from the first on; `nil` for all.
    ///   - prompt: what captions begin with.
    ///   - batch: captions, or their beams, that run together; `nil` for as many as suit the model.
    /// - Throws: ``Failure`` and `EvaluationError` for what is no such data set.
    package init(
        _ annotations: String, _ folder: String, limit: Int?, prompt: String,
        options: GenerationOptions, batch: Int?
    ) throws {
        self.annotations = annotations
        pictures = try PictureFolder(folder).captioned(annotations).first(limit)
        self.prompt = prompt
        self.options = options
        self.batch = batch
    }

    /// A line of the results file.
    private struct Record: Codable {
        let imageID: DataSetID
        let caption: String

        enum CodingKeys: String, CodingKey {
            case imageID = "image_id"
            case caption
        }
    }

    package func run(_ setup: EvaluationSetup) async throws {
        var run = try EvaluationRun<Record>(
            "captions", on: [annotations], over: pictures.map(\.input), setup,
            settings: prompt.isEmpty ? [:] : ["prompt": prompt])
        let done = Set(run.records.map(\.imageID))
        let left = pictures.filter { !done.contains($0.id) }
        let ids = Dictionary(left.map { ($0.input.name, $0.id) }, uniquingKeysWith: { $1 })
        try await run.forEach(
            left.map(\.input), task: .caption,
            batchSize: { $0.count(perBatch: batch, ofRows: options.beamCount) }
        ) { model, items in
            let captions = try await model.captions(
                of: items.map(\.encoded), prompt: prompt, options: options)
            return zip(items, captions).map { item, captions in
                guard let id = ids[item.input.name], let best = captions.first else { return [] }
                return [Record(imageID: id, caption: best.text)]
            }
        }
        let scored = cases(of: pictures, run.records)
        try await run.finish(pictures.count, pictureScore: "CIDEr × 100") {
            try table(of: scored.map(\.captions))
        } pictures: {
            zip(scored, CIDEr.scores(of: scored.map { TokenizedCase($0.captions) })).map {
                ScoredPicture($0.picture.input, $0.captions, cider: $1)
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
