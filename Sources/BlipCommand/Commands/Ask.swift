public import ArgumentParser
public import BLIP
import BlipCommandSupport
import Foundation

struct Ask: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer questions about pictures.",
        discussion: """
            Each picture is encoded once; further questions about it cost little.

            EXAMPLES
              blip ask photo.jpg "how many dogs are in the picture?"
              blip ask photo.jpg "what is the woman doing?" "where is she?" --caption
              blip ask photos/ "is there a person?" --json
              blip ask photo.jpg "what season is it?" --answers spring,summer,autumn,winter
              blip ask photo.jpg "what color is the sky?" --caption --annotate answered.jpg
            """)

    @Argument(
        help:
            "A picture: a file, a folder (recursive), - for standard input, @list of paths.",
        completion: .file())
    var image: String

    @Argument(help: "Questions, each in quotation marks.")
    var questions: [String]

    @Flag(help: "Also caption the picture, first.")
    var caption = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Choose among these answers, and rank them, instead of writing one.",
            valueName: "a,b,c"))
    var answers: String?

    @Option(
        help: ArgumentHelp(
            "Treat questions as transformers does, or as Salesforce's code does (salesforce): cleaned, cut "
                + "at 35 tokens, and answered with 3 beams of at most 10 tokens.",
            valueName: "whose"))
    var compat = Compatibility.transformers

    @OptionGroup(title: "Generation") var generation: GenerationArguments
    @OptionGroup(title: "Figure") var figure: FigureArguments
    @OptionGroup(title: "Model") var model: ModelArguments
    @OptionGroup(title: "Output") var output: OutputArguments

    func validate() throws {
        if let closedList, closedList.isEmpty {
            throw ValidationError("--answers wants one answer or more, with commas between them.")
        }
        if answers != nil, !caption, let option = generation.settings.keys.min() {
            throw ValidationError(
                "--\(option) says how texts are written, and with --answers none is; leave it out.")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let inputs = try ImageInput.resolve(image, before: questions)
            try figure.check(inputs, namedBy: [image])
            let tasks: Set<BlipTask> = caption ? [.caption, .answer] : [.answer]
            let opened = try await model.start(for: tasks)
            let model = opened.model
            let asked = try questionsThatFit(model)
            var run = PictureRun(
                inputs, options: output.run, model: opened,
                batchSize: generation.pictures(
                    perBatch: output.rows(for: model) / asked.count, or: compat.generation),
                drawsFigures: figure.annotate != nil)
            try await run.forEach { items in
                try await words(about: items.map(\.encoded), asked, model)
            } report: { run, item, words in
                try report(words, asked, item, isOne: inputs.count == 1, &run)
            }
            if asked.count < questions.count { throw Failure.someFailedQuietly }
        }
    }

    /// Refuses, before a picture is read, what the model could not run; of several questions, those that are
    /// too long are told of, and the others run.
    private func questionsThatFit(_ model: BlipModel) throws -> [String] {
        if caption { try model.validate(captionsWith: generation.options()) }
        if let closedList { try model.validate(ranking: closedList) }
        let options = closedList == nil ? generation.options(or: compat.generation) : .init()
        var fitting: [String] = []
        var refused: [(question: String, error: BlipError)] = []
        for question in questions {
            do throws(BlipError) {
                try model.validate(answersTo: [question], options: options)
                fitting.append(question)
            } catch {
                guard error.code == .textTooLong else { throw error }
                refused.append((question, error))
            }
        }
        if fitting.isEmpty, let first = refused.first { throw first.error }
        for (question, error) in refused {
            if output.json {
                try Terminal.print(
                    jsonLine(QuestionError(question: question, error: error.message)))
            }
            Terminal.complain("\"\(question.prefix(60))…\": \(error.message)")
        }
        return fitting
    }

    /// A picture's caption, where one was asked for, and its answers in the questions' order.
    private struct Words {
        let caption: GeneratedText?
        let answers: [Answer]
    }

    fileprivate enum Answer {
        case written(GeneratedText)
        case ranked(Ranking)
    }

    private func words(
        about images: [EncodedImage], _ questions: [String], _ model: BlipModel
    ) async throws -> [Words] {
        var captions: [GeneratedText?] = images.map { _ in nil }
        if caption {
            captions = try await model.captions(of: images, options: generation.options())
                .map(\.first)
        }
        let asked = images.flatMap { image in questions.map { Question($0, about: image) } }
        let answers = try await answers(to: asked, model)
        return images.indices.map { index in
            let first = index * questions.count
            return Words(
                caption: captions[index], answers: Array(answers[first..<first + questions.count]))
        }
    }

    private func answers(to asked: [Question], _ model: BlipModel) async throws -> [Answer] {
        guard let closedList else {
            let options = generation.options(or: compat.generation)
            return try await model.answers(to: asked, options: options, compatibility: compat)
                .compactMap { $0.first.map(Answer.written) }
        }
        var answers: [Answer] = []
        for question in asked {
            answers.append(
                .ranked(
                    try await model.rank(
                        closedList, for: question.text, about: question.image,
                        compatibility: compat)))
        }
        return answers
    }

    private var closedList: [String]? {
        answers?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
    }

    private func report(
        _ words: Words, _ asked: [String], _ item: PictureRun.Item, isOne: Bool,
        _ run: inout PictureRun
    ) throws {
        let prefix = isOne ? "" : "\(item.input.name): "
        // The picture's own time counts once, with the first line about it.
        var before = item.encoded.timings
        if let caption = words.caption {
            try run.print(
                { TextRecord(image: item.input.name, caption: caption, timing: $0) },
                text: prefix + caption.text,
                timings: before + caption.timings)
            before = StageTimings()
        }
        let namesQuestion = questions.count > 1 || caption
        for (question, answer) in zip(asked, words.answers) {
            try run.print(
                { answer.record(item.input, question, $0) },
                text: prefix + (namesQuestion ? "\(question) " : "") + answer.line,
                timings: before + answer.timings)
            before = StageTimings()
        }
        try figure.draw(
            item.picture, item.input, caption: words.caption?.text,
            answers: zip(asked, words.answers).map { ($0, $1.text) })
    }
}

extension Ask.Answer {
    fileprivate var text: String {
        switch self {
        case .written(let text): text.text
        case .ranked(let ranking): ranking.answers.first?.answer ?? ""
        }
    }

    /// The answer; of a closed list, the others too.
    fileprivate var line: String {
        guard case .ranked(let ranking) = self else { return text }
        let others = ranking.answers.map { "\($0.answer) \(String(format: "%.2f", $0.score))" }
        return "\(text)  (\(others.joined(separator: ", ")))"
    }

    fileprivate var timings: StageTimings {
        switch self {
        case .written(let text): text.timings
        case .ranked(let ranking): ranking.timings
        }
    }

    fileprivate func record(
        _ input: ImageInput, _ question: String, _ timing: TimingRecord
    ) -> TextRecord<String> {
        switch self {
        case .written(let text):
            TextRecord(image: input.name, question: question, answer: text, timing: timing)
        case .ranked(let ranking):
            TextRecord(image: input.name, question: question, ranking: ranking, timing: timing)
        }
    }
}

/// A question that could not be asked.
private struct QuestionError: Encodable {
    let question: String
    let error: String
}

extension Compatibility: ExpressibleByArgument {
    /// How it writes answers; `nil` for the library's own way.
    var generation: GenerationOptions? { self == .salesforce ? .salesforceAnswers : nil }
}
