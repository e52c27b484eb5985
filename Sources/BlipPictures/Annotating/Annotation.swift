/// What is written beneath or beside a picture: a caption, and questions with their answers.
public struct Annotation: Sendable, Hashable {
    /// A question and its answer.
    public struct Line: Sendable, Hashable {
        /// Set in muted type.
        public var question: String
        /// Set below the question.
        public var answer: String
        /// Makes a line; either text may be empty.
        public init(question: String, answer: String) {
            self.question = question
            self.answer = answer
        }
    }

    /// The caption, in large type. May be empty.
    public var title: String
    /// Questions with their answers, from top to bottom.
    public var lines: [Line]

    /// Makes an annotation.
    public init(title: String, lines: [Line] = []) {
        self.title = title
        self.lines = lines
    }
}
