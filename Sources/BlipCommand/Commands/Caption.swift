import ArgumentParser
import BLIP
import Foundation

struct Caption: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Describe pictures in words.",
        discussion: """
            EXAMPLES
              blip caption photo.jpg
              blip caption photo.jpg --prompt "a picture of" --max-length 30
              blip caption photos/ --json > captions.jsonl
              cat photo.jpg | blip caption -
              blip caption photo.jpg --annotate captioned.jpg
            """)

    @Argument(
        help: "Pictures: files, folders (with what is below), - for standard input, @list.txt.",
        completion: .file())
    var images: [String]

    @Option(help: ArgumentHelp("Words that the caption begins with.", valueName: "text"))
    var prompt = ""

    @OptionGroup(title: "Generation") var generation: GenerationArguments
    @OptionGroup(title: "Figure") var figure: FigureArguments
    @OptionGroup(title: "Model") var model: ModelArguments
    @OptionGroup(title: "Output") var output: OutputArguments

    func run() async throws {
        try await reportingFailures {
            let inputs = try ImageInput.resolve(images)
            try figure.check(pictureCount: inputs.count)
            let (model, load) = try await model.open(for: [.caption])
            var run = PictureRun(inputs: inputs, output: output, model: model, load: load)
            try await run.forEach { run, input, picture, encoded in
                let caption = try await model.caption(
                    encoded, prompt: prompt, options: generation.options)
                try run.print(
                    { CaptionRecord(input, caption, $0) },
                    text: inputs.count > 1 ? "\(input.name): \(caption.text)" : caption.text,
                    timings: encoded.timings + caption.timings)
                try figure.draw(picture, input, caption: caption.text, answers: [])
            }
        }
    }
}

extension CaptionRecord {
    init(_ input: ImageInput, _ caption: GeneratedText, _ timing: TimingRecord) {
        self.init(
            image: input.name, caption: caption.text, tokenIDs: caption.tokenIDs,
            score: caption.score, timing: timing)
    }
}
