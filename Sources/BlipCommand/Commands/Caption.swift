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
            """)

    @Argument(
        help:
            "Pictures: files, folders (with what is below), - for standard input, @list of paths.",
        completion: .file())
    var images: [String]

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Words that the caption begins with.", valueName: "text"))
    var prompt: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Captions a picture: with --beams at most their number, or drawn.", valueName: "n"))
    var count = 1

    @OptionGroup(title: "Generation") var generation: GenerationArguments
    @OptionGroup(title: "Figure") var figure: FigureArguments
    @OptionGroup(title: "Model") var model: ModelArguments
    @OptionGroup(title: "Output") var output: OutputArguments

    func run() async throws {
        try await reportingFailures {
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

    private var options: GenerationOptions {
        var options = generation.options()
        options.sequenceCount = count
        return options
    }
}
