/// A question's answer, and those that people gave.
package struct AnswerCase: Sendable, Hashable {
    /// The answer that is scored.
    package var candidate: String
    /// What people answered; VQA has ten a question.
    package var answers: [String]
    /// The data set's kind of answer, such as "yes/no", "number" or "other".
    package var answerType: String
    /// The data set's kind of question, such as "how many".
    package var questionType: String

    /// - Parameters:
    ///   - candidate: the answer that is scored.
    ///   - answers: what people answered.
    ///   - answerType: such as "number".
    ///   - questionType: such as "how many".
    package init(
        candidate: String, answers: [String], answerType: String = "", questionType: String = ""
    ) {
        self.candidate = candidate
        self.answers = answers
        self.answerType = answerType
        self.questionType = questionType
    }
}

/// The accuracy of VQA v2 (Antol et al., 2015; Goyal et al., 2017): an answer that three others
/// gave is right, one that fewer gave is right in part.
package struct VQAAccuracy: Sendable, Hashable {
    /// The fewest answers that a question needs for another to be wholly right: three people who gave
    /// it beside the one who is left out. With three the accuracy is at most 2/3, with two 1/3, and with
    /// one always 0.
    package static let fewestAnswers = 4

    /// The mean over a kind of question or answer.
    package struct Group: Sendable, Hashable {
        /// The kind's name.
        package let name: String
        /// How many questions are of it.
        package let count: Int
        /// Their mean accuracy, 0 to 1.
        package let accuracy: Double
    }

    /// The mean accuracy of all questions, 0 to 1; papers print it times 100.
    package let overall: Double
    /// By kind of answer, in the order of their names.
    package let byAnswerType: [Group]
    /// By kind of question, in the order of their names.
    package let byQuestionType: [Group]

    /// Scores answers.
    ///
    /// - Throws: ``EvaluationError`` where there are no cases, or one has no answers.
    package init(of cases: [AnswerCase]) throws(EvaluationError) {
        guard !cases.isEmpty else {
            throw EvaluationError(
                .nothingToScore, "There are no answers to score; give one or more")
        }
        var accuracies: [Double] = []
        for (index, item) in cases.enumerated() {
            guard !item.answers.isEmpty else {
                throw EvaluationError(
                    .missingReference,
                    "Question \(index + 1) has no answers; leave it out, or give one or more")
            }
            accuracies.append(Self.accuracy(of: item.candidate, answers: item.answers))
        }
        overall = accuracies.reduce(0, +) / Double(accuracies.count)
        let scored = Array(zip(cases, accuracies))
        byAnswerType = Self.groups(scored, by: \.answerType)
        byQuestionType = Self.groups(scored, by: \.questionType)
    }

    /// One answer's accuracy, 0 to 1: each of the given answers is left out in turn, and a third
    /// counts for each of the others that is equal, up to 1; the mean of that.
    ///
    /// Answers are compared in their normalized form, or, where all given ones are the same, as they
    /// are: so the published program does it.
    package static func accuracy(of candidate: String, answers: [String]) -> Double {
        guard !answers.isEmpty else { return 0 }
        var candidate = AnswerNormalization.trimmed(candidate)
        var answers = answers.map(AnswerNormalization.trimmed)
        if Set(answers.map { Array($0.utf8) }).count > 1 {
            candidate = AnswerNormalization.normalized(candidate)
            answers = answers.map(AnswerNormalization.normalized)
        }
        // As bytes, since two Swift strings are also equal where only their appearance is.
        let matches = answers.map { $0.utf8.elementsEqual(candidate.utf8) }
        let count = matches.count(where: { $0 })
        let left = matches.map { min(1, Double($0 ? count - 1 : count) / 3) }
        return left.reduce(0, +) / Double(answers.count)
    }

    private static func groups(
        _ scored: [(AnswerCase, Double)], by kind: KeyPath<AnswerCase, String>
    ) -> [Group] {
        Dictionary(grouping: scored) { $0.0[keyPath: kind] }.map { name, members in
            Group(
                name: name, count: members.count,
                accuracy: members.reduce(0) { $0 + $1.1 } / Double(members.count))
        }
        .sorted { $0.name < $1.name }
    }
}
