package import BLIP
import BlipEvaluation
import BlipCommandSupport
import Foundation

/// Answers to a data set's questions, scored by what people answered.
package struct AnswerEvaluation {
    private let dataSet: [String]
    private let pictures: [QuestionedPicture]
    private let compat: Compatibility
    private let options: GenerationOptions
    private let batch: Int?

    /// - Parameters:
    ///   - questions: questions in VQA v2's format.
    ///   - annotations: their answers in VQA v2's format.
    ///   - folder: where the pictures lie.
    ///   - limit: of how many of them questions are asked, from the first on; `nil` for all.
    ///   - compat: how questions are treated.
    ///   - batch: answers, or their beams, that run together; `nil` for as many as suit the model.
    /// - Throws: ``Failure`` and `EvaluationError` for what is no such data set.
    package init(
        questions: String, _ annotations: String, _ folder: String, limit: Int?,
        compat: Compatibility, options: GenerationOptions, batch: Int?
    ) throws {
        dataSet = [questions, annotations]
        pictures = try PictureFolder(folder).questioned(questions, answers: annotations)
            .first(limit)
        self.compat = compat
        self.options = options
        self.batch = batch
    }

    /// A line of the results file: VQA's own fields, and the picture.
    private struct Record: Codable {
        let imageID: DataSetID
        let questionID: DataSetID
        let answer: String

        enum CodingKeys: String, CodingKey {
            case imageID = "image_id"
            case questionID = "question_id"
            case answer
        }
    }

    package func run(_ setup: EvaluationSetup) async throws {
        var run = try EvaluationRun<Record>(
            "vqa", on: dataSet, over: pictures.map(\.input), setup,
            settings: ["compat": compat.rawValue])
        let done = Set(run.records.map(\.questionID))
        let left = pictures.compactMap { picture -> QuestionedPicture? in
            var picture = picture
            picture.questions.removeAll { done.contains($0.id) }
            return picture.questions.isEmpty ? nil : picture
        }
        let most = left.map(\.questions.count).max() ?? 1
        let byName = Dictionary(left.map { ($0.input.name, $0) }, uniquingKeysWith: { $1 })
        try await run.forEach(
            left.map(\.input), task: .answer,
            batchSize: { max(1, questionsPerBatch($0) / most) }
        ) { model, items in
            try await answers(items, byName, model)
        }
        let said = Dictionary(
            run.records.map { ($0.questionID, $0.answer) }, uniquingKeysWith: { $1 })
        try await run.finish(pictures.count, pictureScore: "mean accuracy, %") {
            try table(of: pictures, said)
        } pictures: {
            pictures.compactMap { ScoredPicture($0, said) }
        }
    }

    private func questionsPerBatch(_ model: BlipModel) -> Int {
        model.count(perBatch: batch, ofRows: options.beamCount)
    }

    /// Each picture's answers.
    private func answers(
        _ items: [PictureRun.Item], _ pictures: [String: QuestionedPicture], _ model: BlipModel
    ) async throws -> [[Record]] {
        let asked = items.flatMap { item in
            (pictures[item.input.name]?.questions ?? []).map {
                Question($0.text, about: item.encoded)
            }
        }
        var answers: [String] = []
        let questionsPerBatch = questionsPerBatch(model)
        for start in stride(from: 0, to: asked.count, by: questionsPerBatch) {
            let batch = Array(asked[start..<min(start + questionsPerBatch, asked.count)])
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
        of pictures: [QuestionedPicture], _ answers: [DataSetID: String]
    ) throws -> ScoreTable {
        let cases = pictures.flatMap(\.questions).compactMap { question in
            answers[question.id].map {
                AnswerCase(
                    candidate: $0, answers: question.answers, answerType: question.answerType,
                    questionType: question.questionType)
            }
        }
        let accuracy = try VQAAccuracy(of: cases)
        let few = cases.count { $0.answers.count < VQAAccuracy.fewestAnswers }
        if few > 0 {
            Terminal.note(
                "\(few) of \(cases.count) questions have fewer than \(VQAAccuracy.fewestAnswers) answers, "
                    + "which VQA's accuracy needs, since a third counts for each other person who gave "
                    + "the same: with 1 answer it is always 0, with 2 at most 1/3, with 3 at most 2/3. VQA "
                    + "has 10 a question.")
        }
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

extension ScoredPicture {
    /// `nil` for a picture that did not run.
    fileprivate init?(_ picture: QuestionedPicture, _ said: [DataSetID: String]) {
        let asked = picture.questions.compactMap { question in
            said[question.id].map { (question: question, said: $0) }
        }
        guard !asked.isEmpty else { return nil }
        let scored = asked.map {
            ($0, accuracy: VQAAccuracy.accuracy(of: $0.said, answers: $0.question.answers))
        }
        let score = 100 * scored.reduce(0) { $0 + $1.accuracy } / Double(asked.count)
        self.init(
            input: picture.input, score: score, scoreText: String(format: "accuracy %.0f", score),
            lines: scored.sorted { $0.accuracy < $1.accuracy }.flatMap { asked, accuracy in
                let look: PictureCard.Line.Look = accuracy < 0.5 ? .second : .first
                return [
                    PictureCard.Line(name: "", text: asked.question.text, look: .heading),
                    .init(name: "model", text: asked.said, look: look),
                    .init(name: "people", text: Self.counted(asked.question.answers)),
                ]
            })
    }

    /// Most frequent first: "two ×7, 2 ×3".
    private static func counted(_ answers: [String]) -> String {
        Dictionary(grouping: answers, by: \.self).map { ($0.value.count, $0.key) }
            .sorted { ($1.0, $0.1) < ($0.0, $1.1) }
            .map { $0.0 == answers.count ? $0.1 : "\($0.1) ×\($0.0)" }.joined(separator: ", ")
    }
}
