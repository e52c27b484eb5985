import ArgumentParser
import BLIP
import BlipCommandSupport
import Foundation

struct MatchTexts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "match",
        abstract: "Say how well texts fit pictures.",
        discussion: """
            Prints, for each text, the probability that it fits (image-text matching) and the \
            cosine of the picture's and the text's vectors (image-text contrast).

            EXAMPLES
              blip match photo.jpg "a dog on a beach" "a city at night"
              blip match photos/ "a birthday party" --json
            """)

    @Argument(
        help:
            "A picture: a file, a folder (recursive), - for standard input, @list of paths.",
        completion: .file())
    var image: String

    @Argument(help: "Texts, each in quotation marks.")
    var texts: [String]

    @OptionGroup(title: "Model") var model: ModelArguments
    @OptionGroup(title: "Output") var output: OutputArguments

    func run() async throws {
        try await reportingFailures {
            let inputs = try ImageInput.resolve(image, before: texts)
            let opened = try await model.start(for: [.match])
            let model = opened.model
            try model.validate(matching: texts)
            var run = PictureRun(
                inputs, options: output.run, model: opened, batchSize: output.rows(for: model))
            try await run.forEach { items in
                var matches: [[Match]] = []
                for item in items {
                    matches.append(try await model.match(texts, with: item.encoded))
                }
                return matches
            } report: { run, item, matches in
                let prefix = inputs.count > 1 ? "\(item.input.name): " : ""
                var before = item.encoded.timings
                for (text, match) in zip(texts, matches) {
                    try run.print(
                        {
                            MatchRecord(
                                image: item.input.name, text: text, match: match, timing: $0)
                        },
                        text: prefix + match.summary + "  " + text,
                        timings: before + match.timings)
                    before = StageTimings()
                }
            }
        }
    }
}

extension Match {
    fileprivate var summary: String {
        let cosine = similarity.map { String(format: "%+.3f", $0) } ?? "-"
        // What is small is not 0, and as wide.
        let format = probability < 0.0005 ? "%.0e" : "%.3f"
        return String(format: format, probability) + "  " + cosine
    }
}
