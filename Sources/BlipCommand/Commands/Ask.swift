import ArgumentParser
import BLIP
import Foundation

struct Ask: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer questions about pictures.",
        discussion: """
            A picture is looked at once, however many questions there are.

            EXAMPLES
              blip ask photo.jpg "how many dogs are in the picture?"
              blip ask photo.jpg "what is the woman doing?" "where is she?" --caption
              blip ask photos/ "is there a person?" --json
              blip ask photo.jpg "what color is the sky?" --caption --annotate answered.jpg
            """)

    @Argument(
        help: "A picture: a file, a folder (with what is below), - for standard input, @list.txt.",
        completion: .file())
    var image: String

    @Argument(help: "Questions, each in quotation marks.")
    var questions: [String]

    @Flag(help: "Also caption the picture, first.")
    var caption = false

    @OptionGroup(title: "Generation") var generation: GenerationArguments
    @OptionGroup(title: "Figure") var figure: FigureArguments
    @OptionGroup(title: "Model") var model: ModelArguments
    @OptionGroup(title: "Output") var output: OutputArguments

    func run() async throws {
        try await reportingFailures {
            let inputs = try ImageInput.resolve([image])
            try figure.check(pictureCount: inputs.count)
            let tasks: Set<BlipTask> = caption ? [.caption, .answer] : [.answer]
            let (model, load) = try await model.open(for: tasks)
            var run = PictureRun(inputs: inputs, output: output, model: model, load: load)
            try await run.forEach { run, input, picture, encoded in
                let prefix = inputs.count > 1 ? "\(input.name): " : ""
                // The picture's own time counts once, with the first line about it.
                var before = encoded.timings
                var words: String?
                if caption {
                    let caption = try await model.caption(encoded, options: generation.options)
                    words = caption.text
                    try run.print(
                        { CaptionRecord(input, caption, $0) }, text: prefix + caption.text,
                        timings: before + caption.timings)
                    before = StageTimings()
                }
                var answers: [(question: String, answer: String)] = []
                for question in questions {
                    let answer = try await model.answer(
                        question, about: encoded, options: generation.options)
                    try run.print(
                        { AnswerRecord(input, question, answer, $0) },
                        text: prefix
                            + (questions.count > 1 || caption
                                ? "\(question) \(answer.text)" : answer.text),
                        timings: before + answer.timings)
                    before = StageTimings()
                    answers.append((question, answer.text))
                }
                try figure.draw(picture, input, caption: words, answers: answers)
            }
        }
    }
}

extension AnswerRecord {
    init(
        _ input: ImageInput, _ question: String, _ answer: GeneratedText, _ timing: TimingRecord
    ) {
        self.init(
            image: input.name, question: question, answer: answer.text, tokenIDs: answer.tokenIDs,
            score: answer.score, timing: timing)
    }
}
