import ArgumentParser
import BLIP
import Evaluation

struct EvalAnswers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vqa",
        abstract: "Score answers by the accuracy of VQA v2.",
        discussion: """
            A picture is found by the number that ends its file's name, as in \
            COCO_val2014_000000000042.jpg for picture 42.

            EXAMPLES
              blip eval vqa questions.json annotations.json val2014/ --results vqa.jsonl
              blip eval vqa questions.json annotations.json val2014/ --compat salesforce --limit 500
            """)

    @Argument(help: "Questions in VQA v2's format.", completion: .file(extensions: ["json"]))
    var questions: String

    @Argument(help: "Their answers in VQA v2's format.", completion: .file(extensions: ["json"]))
    var annotations: String

    @Argument(help: "The folder with the pictures.", completion: .directory)
    var images: String

    @Option(
        help: ArgumentHelp(
            "Treat questions as transformers does, or as salesforce's original.",
            valueName: "whose"))
    var compat = Compatibility.transformers

    @OptionGroup(title: "Evaluation") var evaluation: EvaluationArguments
    @OptionGroup(title: "Generation") var generation: GenerationArguments
    @OptionGroup(title: "Model") var model: ModelArguments
    @OptionGroup(title: "Output") var output: OutputArguments

    /// A line of the results file: VQA's own fields, and the picture.
    private struct Record: Codable {
        let imageID: Identifier
        let questionID: Identifier
        let answer: String

        enum CodingKeys: String, CodingKey {
            case imageID = "image_id"
            case questionID = "question_id"
            case answer
        }
    }

    func run() async throws {
        try await reportingFailures {
            let pictures = evaluation.limited(
                try QuestionAnnotations.read(
                    questions: questions, answers: annotations, folder: try PictureFolder(images)))
            var run = try EvaluationRun<Record>(
                "vqa", model: model, output: output, results: evaluation.results,
                settings: generation.settings.merging(["compat": compat.rawValue]) { $1 })
            let done = Set(run.records.map(\.questionID))
            let left = pictures.compactMap { picture -> QuestionedPicture? in
                var picture = picture
                picture.questions.removeAll { done.contains($0.id) }
                return picture.questions.isEmpty ? nil : picture
            }
            let most = left.map(\.questions.count).max() ?? 1
            let rows = generation.pictures(perBatch: output.batch)
            let byName = Dictionary(left.map { ($0.input.name, $0) }, uniquingKeysWith: { $1 })
            try await run.forEach(
                left.map(\.input), task: .answer, batchSize: max(1, rows / most)
            ) { model, items in
                try await answers(items, byName, model, rows: rows)
            }
            try run.finish(pictures.count) { try table(of: pictures, run.records) }
        }
    }

    /// Each picture's answers; `rows` questions run together.
    private func answers(
        _ items: [PictureRun.Item], _ pictures: [String: QuestionedPicture], _ model: BlipModel,
        rows: Int
    ) async throws -> [[Record]] {
        let options = generation.options(or: compat == .salesforce ? .salesforceAnswers : nil)
        let asked = items.flatMap { item in
            (pictures[item.input.name]?.questions ?? []).map {
                Question($0.text, about: item.encoded)
            }
        }
        var answers: [String] = []
        for start in stride(from: 0, to: asked.count, by: rows) {
            let batch = Array(asked[start..<min(start + rows, asked.count)])
            answers += try await model.answers(to: batch, options: options, compatibility: compat)
                .map { $0.first?.text ?? "" }
        }
        var next = answers.makeIterator()
        return items.map { item in
            guard let picture = pictures[item.input.name] else { return [] }
            return picture.questions.compactMap { question in
                next.next().map {
                    Record(imageID: picture.id, questionID: question.id, answer: $0)
                }
            }
        }
    }

    private func table(
        of pictures: [QuestionedPicture], _ records: [Record]
    ) throws -> ScoreTable {
        let answers = Dictionary(
            records.map { ($0.questionID, $0.answer) }, uniquingKeysWith: { $1 })
        let cases = pictures.flatMap(\.questions).compactMap { question in
            answers[question.id].map {
                AnswerCase(
                    candidate: $0, answers: question.answers, answerType: question.answerType,
                    questionType: question.questionType)
            }
        }
        let accuracy = try VQAAccuracy(of: cases)
        let groups = { (group: String, members: [VQAAccuracy.Group]) in
            members.filter { !$0.name.isEmpty }.map {
                ScoreTable.Row(
                    metric: "accuracy", group: group, name: $0.name, score: $0.accuracy,
                    count: $0.count)
            }
        }
        return ScoreTable(
            rows: [.init(metric: "accuracy", score: accuracy.overall, count: cases.count)]
                + groups("answer_type", accuracy.byAnswerType)
                + groups("question_type", accuracy.byQuestionType), counted: "questions")
    }
}
