import Foundation

/// What the references said, recorded by Tools/reference/record_metrics.py.
enum Golden {
    struct Tokens: Decodable {
        let text: String
        let tokens: [String]
    }

    struct Captions: Decodable {
        struct Case: Decodable {
            let candidate: String
            let references: [String]
        }

        let name: String
        let cases: [Case]
        let bleu: [Double]
        let rougeL: Double
        let cider: Double
        let rougeLEach: [Double]
        let ciderEach: [Double]
    }

    struct Answers: Decodable {
        struct Form: Decodable {
            let text: String
            let normalized: String
        }

        struct Question: Decodable {
            let candidate: String
            let answers: [String]
            let answerType: String
            let questionType: String
        }

        let normalized: [Form]
        let questions: [Question]
        let each: [Double]
        let overall: Double
        let byAnswerType: [String: Double]
        let byQuestionType: [String: Double]
    }

    static func read<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
        let folder = Bundle.module.resourceURL ?? URL(filePath: ".")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(
            type, from: Data(contentsOf: folder.appending(path: "Fixtures/\(name).json")))
    }

    static func answers() throws -> Answers { try read("answers", as: Answers.self) }
}
