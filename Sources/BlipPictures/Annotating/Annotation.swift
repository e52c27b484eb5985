/// What is written beneath or beside a picture: a caption, and questions with their answers.
package struct Annotation: Sendable, Hashable {
    /// A question and its answer.
    package struct Line: Sendable, Hashable {
        /// Set in muted type.
        package var question: String
        /// Set below the question.
        package var answer: String
        /// Makes a line; either text may be empty.
        package init(question: String, answer: String) {
            self.question = question
            self.answer = answer
        }
    }

    /// The caption, in large type. May be empty.
    package var title: String
    /// Questions with their answers, from top to bottom.
    package var lines: [Line]

    /// Makes an annotation.
    package init(title: String, lines: [Line] = []) {
        self.title = title
        self.lines = lines
    }
}
