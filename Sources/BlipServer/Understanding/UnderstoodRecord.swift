/// How a prompt was understood, beside every answer to a chat.
struct UnderstoodRecord: Encodable, Sendable {
    let wish: String
    let because: Understanding.Reason
    var questions: [String]?
    /// Among which the prompt asks to choose.
    var answers: [String]?
    /// Of the values of a structure, by their JSON pointers.
    var probabilities: [String: Double]?

    enum CodingKeys: String, CodingKey {
        case wish = "as"
        case because, questions, answers, probabilities
    }

    init(_ understanding: Understanding, _ answer: ChatAnswer?) {
        wish =
            switch understanding.wish {
            case .caption: "caption"
            case .question, .questions: "question"
            case .labels: "labels"
            case .json: "json"
            case .greeting: "greeting"
            case .impossible: "impossible"
            }
        because = understanding.reason
        if !understanding.questions.isEmpty { questions = understanding.questions }
        if !understanding.answers.isEmpty { answers = understanding.answers }
        probabilities = (answer?.structure?.probabilities).map { list in
            Dictionary(list.map { ($0.pointer, $0.probability) }) { first, _ in first }
        }
    }
}
