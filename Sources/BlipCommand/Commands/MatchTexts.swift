import ArgumentParser
import BLIP
import Foundation

struct MatchTexts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "match",
        abstract: "Tell how well texts fit pictures.",
        discussion: """
            Prints, for each text, the probability that it fits (image-text matching) and the \
            cosine of the picture's and the text's vectors (image-text contrast).

            EXAMPLES
              blip match photo.jpg "a dog on a beach" "a city at night"
              blip match photos/ "a birthday party" --json
            """)

    @Argument(
        help: "A picture: a file, a folder (with what is below), - for standard input, @list.txt.",
        completion: .file())
    var image: String

    @Argument(help: "Texts, each in quotation marks.")
    var texts: [String]

    @OptionGroup(title: "Model") var model: ModelArguments
    @OptionGroup(title: "Output") var output: OutputArguments

    func run() async throws {
        try await reportingFailures {
            let inputs = try ImageInput.resolve([image])
            let (model, load) = try await model.open(for: [.match])
            var run = PictureRun(inputs: inputs, output: output, model: model, load: load)
            try await run.forEach { run, input, _, encoded in
                var before = encoded.timings
                for text in texts {
                    let match = try await model.match(text, with: encoded)
                    let similarity = match.similarity.map { String(format: "%+.3f", $0) } ?? "-"
                    let line = String(format: "%.3f  %@  %@", match.probability, similarity, text)
                    try run.print(
                        {
                            MatchRecord(
                                image: input.name, text: text,
                                matchProbability: match.probability,
                                similarity: match.similarity, timing: $0)
                        },
                        text: inputs.count > 1 ? "\(input.name): \(line)" : line,
                        timings: before + match.timings)
                    before = StageTimings()
                }
            }
        }
    }
}
