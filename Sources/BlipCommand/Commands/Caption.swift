import ArgumentParser
import BLIP
import BlipCommandSupport
import Foundation

struct Caption: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Describe pictures in words.",
        discussion: """
            EXAMPLES
              blip caption photo.jpg
              blip caption photo.jpg --prompt "a picture of" --max-length 30
              blip caption photo.jpg --beams 5 --count 3
              blip caption photos/ --json > captions.jsonl
              cat photo.jpg | blip caption -
              blip caption photo.jpg --annotate captioned.jpg
              blip caption photos/ shards/*.tar --shard 3/16 --out captions
            """)

    @Argument(
        help:
            "Pictures: files, folders (recursive), - for standard input, @list of paths.",
        completion: .file())
    var images: [String]

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The beginning of the caption.", valueName: "text"))
    var prompt: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How many captions for each picture: sampled, or with --beams at most their number.",
            valueName: "n"))
    var count = 1

    @OptionGroup(title: "Parts") var part: PartArguments
    @OptionGroup(title: "Generation") var generation: GenerationArguments
    @OptionGroup(title: "Figure") var figure: FigureArguments
    @OptionGroup(title: "Model") var model: ModelArguments
    @OptionGroup(title: "Output") var output: OutputArguments

    func validate() throws {
        if part.shard != nil, figure.annotate != nil {
            throw ValidationError("--annotate and --shard do not go together; use one.")
        }
    }

    func run() async throws {
        try await reportingFailures {
            if let shard = try part.chosen { return try await write(shard) }
            let inputs = try ImageInput.resolve(images)
            try figure.check(inputs, namedBy: images)
            let opened = try await model.start(for: [.caption])
            let model = opened.model
            if let prompt { try model.validate(text: prompt, "prompt") }
            try model.validate(captionsWith: options, prompt: prompt ?? "")
            var run = PictureRun(
                inputs, options: output.run, model: opened,
                batchSize: generation.pictures(perBatch: output.rows(for: model) / max(1, count)),
                drawsFigures: figure.annotate != nil)
            try await run.forEach { items in
                try await model.captions(
                    of: items.map(\.encoded), prompt: prompt ?? "", options: options)
            } report: { run, item, captions in
                var before = item.encoded.timings
                for caption in captions {
                    try run.print(
                        { TextRecord(image: item.input.name, caption: caption, timing: $0) },
                        text: inputs.count > 1
                            ? "\(item.input.name): \(caption.text)" : caption.text,
                        timings: before + caption.timings)
                    before = StageTimings()
                }
                try figure.draw(
                    item.picture, item.input, caption: captions.first?.text, answers: [])
            }
        }
    }

    /// Writes one part of the captions, and nothing where it is finished.
    private func write(_ part: PartArguments.Chosen) async throws {
        let chosen = try await model.choose(for: [.caption])
        guard
            let file = try PartFile(
                part.shard, in: part.folder, format: part.format,
                settings: settings(chosen, part.format))
        else {
            return Terminal.note("\(part.shard.name) is finished already.")
        }
        let inputs = try ImageInput.resolve(images, shard: part.shard, output: part.folder)
        if !inputs.isEmpty { try await caption(inputs, into: file, chosen) }
        try file.finish()
        let (count, failed) = (file.statistics.pictures, file.statistics.failed)
        Terminal.note("\(part.shard.name): \(count) pictures, of which \(failed) failed.")
    }

    private func caption(
        _ inputs: [ImageInput], into file: PartFile, _ chosen: ChosenModel
    ) async throws {
        var opened = try OpenedModel(chosen.location, options: model.runtimeOptions)
        try await opened.start(for: [.caption])
        let model = opened.model
        if let prompt { try model.validate(text: prompt, "prompt") }
        try model.validate(captionsWith: options, prompt: prompt ?? "")
        var run = PictureRun(
            inputs, options: output.run, model: opened,
            batchSize: generation.pictures(perBatch: output.rows(for: model) / max(1, count)))
        run.reportFailure = { try file.add(failure: $1.message, of: $0) }
        try await run.forEach { items in
            try await model.captions(
                of: items.map(\.encoded), prompt: prompt ?? "", options: options)
        } report: { _, item, captions in
            try file.add(CaptionRow(image: item.input.name, captions), of: item.input)
        }
    }

    /// What rows follow from, beside the pictures.
    private func settings(
        _ chosen: ChosenModel, _ format: PartFormat
    ) throws -> [String: String] {
        let files = ModelFiles(at: chosen.location, modelCache: model.runtimeOptions.modelCache)
        var runtime: [String: String] = [
            "model": chosen.name, "model-files": try files.fingerprint(),
            "device": model.runtime.device, "precision": model.runtime.precision.rawValue,
            "batch": output.batch.map(String.init) ?? "auto", "prompt": prompt ?? "",
            "count": String(count), "format": format.rawValue,
        ]
        runtime["image-size"] = model.runtime.imageSize.map(String.init)
        runtime["weights"] = model.runtime.weights?.rawValue
        runtime["shapes"] = model.runtime.shapes?.rawValue
        return runtime.merging(generation.settings) { $1 }
    }

    private var options: GenerationOptions {
        var options = generation.options()
        options.sequenceCount = count
        return options
    }
}

/// A picture's captions in a part: without times, so that a part that is made again has the same bytes.
private struct CaptionRow: PartRow {
    let image: String
    let caption: String
    let tokenIds: [Int]
    let score: Float?
    /// The others, best first.
    let alternatives: [String]?

    var text: String { caption }

    init(image: String, _ captions: [GeneratedText]) {
        self.image = image
        caption = captions.first?.text ?? ""
        tokenIds = captions.first?.tokenIDs ?? []
        score = captions.first?.score.flatMap { $0.isFinite ? $0 : nil }
        alternatives = captions.count > 1 ? captions.dropFirst().map(\.text) : nil
    }
}
