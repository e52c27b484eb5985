package import Foundation

/// Questions about pictures with people's answers, in the format of VQA v2 (Goyal et al., 2017).
package struct QuestionAnnotations: Sendable, Hashable {
    /// A question with its answers.
    package struct Question: Sendable, Hashable {
        /// The data set's name for it.
        package let id: DataSetID
        /// The picture that it is about.
        package let imageID: DataSetID
        /// The question.
        package let text: String
        /// What people answered, one or more.
        package let answers: [String]
        /// Such as "yes/no"; empty where the file does not tell.
        package let answerType: String
        /// Such as "how many"; empty where the file does not tell.
        package let questionType: String
    }

    /// In the order of the file; one or more, no two of one id.
    package let questions: [Question]

    /// Reads `questions` (`question_id`, `image_id`, `question`) and, of the other file,
    /// `annotations` (`question_id`, `answers`, `answer_type`, `question_type`).
    ///
    /// - Parameters:
    ///   - questions: the contents of the file of questions.
    ///   - answers: the contents of the file of answers; those of other questions are left out.
    ///   - questionsName: the file's name, for errors.
    ///   - answersName: the other one's.
    /// - Throws: ``EvaluationError`` for what are no such files, a question that is there twice or
    ///   has no answers, and where there are no questions.
    package init(
        questions: Data, answers: Data, questionsName: String, answersName: String
    ) throws(EvaluationError) {
        let asked = try AnnotationFile.decode(
            questions, as: QuestionFile.self, name: questionsName
        ).questions
        let annotations = try AnnotationFile.decode(
            answers, as: AnswerFile.self, name: answersName
        ).annotations
        let annotated = Dictionary(
            annotations.map { ($0.questionID, $0) }, uniquingKeysWith: { first, _ in first })
        var ids: Set<DataSetID> = []
        var collected: [Question] = []
        for question in asked {
            guard ids.insert(question.questionID).inserted else {
                throw EvaluationError(
                    .invalidAnnotations,
                    "\(questionsName): question \(question.questionID) is there twice; leave one "
                        + "of them out")
            }
            guard let annotation = annotated[question.questionID], !annotation.answers.isEmpty
            else {
                throw EvaluationError(
                    .invalidAnnotations,
                    "\(answersName): question \(question.questionID) has no answers; give the "
                        + "annotations that belong to \(questionsName)")
            }
            collected.append(
                Question(
                    id: question.questionID, imageID: question.imageID, text: question.question,
                    answers: annotation.answers.map(\.answer),
                    answerType: annotation.answerType ?? "",
                    questionType: annotation.questionType ?? ""))
        }
        guard !collected.isEmpty else {
            throw EvaluationError(
                .invalidAnnotations,
                "\(questionsName): there are no questions; give a file with some")
        }
        self.questions = collected
    }
}

private struct QuestionFile: Decodable {
    struct Question: Decodable {
        let questionID: DataSetID
        let imageID: DataSetID
        let question: String

        enum CodingKeys: String, CodingKey {
            case questionID = "question_id"
            case imageID = "image_id"
            case question
        }
    }

    let questions: [Question]
}

private struct AnswerFile: Decodable {
    struct Annotation: Decodable {
        struct Answer: Decodable { let answer: String }

        let questionID: DataSetID
        let answers: [Answer]
        let answerType: String?
        let questionType: String?

        enum CodingKeys: String, CodingKey {
            case questionID = "question_id"
            case answers
            case answerType = "answer_type"
            case questionType = "question_type"
        }
    }

    let annotations: [Annotation]
}
