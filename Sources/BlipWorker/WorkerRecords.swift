import BLIP
import Foundation

/// A worker's first frame.
struct HelloRecord: Encodable {
    let type = "hello"
    let protocolName = "blip-worker"
    let version = WorkerSession.protocolVersion
    /// The program's version.
    let program: String
    let model: String
    /// What the model can do.
    let tasks: [WorkerTask]
    let order: ResultOrder
    /// Requests that are taken before the first of them is answered.
    let queue: Int
    let maxJsonBytes: Int
    let maxPayloadBytes: Int

    enum CodingKeys: String, CodingKey {
        case type
        case protocolName = "protocol"
        case version, program, model, tasks, order, queue
        case maxJsonBytes = "max_json_bytes"
        case maxPayloadBytes = "max_payload_bytes"
    }
}

/// What became of a request.
struct ResultRecord: Encodable {
    let type = "result"
    let id: Int
    let task: WorkerTask
    var captions: [TextFields]?
    var answers: [AnswerFields]?
    var matches: [MatchFields]?
    /// Vectors of 32-bit floats in the payload, the least significant byte first.
    var vectors: Int?
    /// Numbers of a vector.
    var width: Int?
    var timing: TimingRecord?
}

struct TextFields: Encodable {
    let caption: String
    let tokenIDs: [Int]
    let score: Float?

    enum CodingKeys: String, CodingKey {
        case caption
        case tokenIDs = "token_ids"
        case score
    }

    init(_ text: GeneratedText) {
        caption = text.text
        tokenIDs = text.tokenIDs
        score = text.score.finite
    }
}

struct AnswerFields: Encodable {
    let question: String
    let answer: String
    let tokenIDs: [Int]
    let score: Float?
    /// Of a closed list, best first.
    var ranking: [Rank]?

    struct Rank: Encodable {
        let answer: String
        let score: Float
    }

    enum CodingKeys: String, CodingKey {
        case question, answer
        case tokenIDs = "token_ids"
        case score, ranking
    }

    init(_ question: String, _ text: GeneratedText) {
        self.question = question
        answer = text.text
        tokenIDs = text.tokenIDs
        score = text.score.finite
    }

    init(_ question: String, _ ranking: Ranking) {
        self.question = question
        answer = ranking.answers.first?.answer ?? ""
        tokenIDs = []
        score = nil
        self.ranking = ranking.answers.map { Rank(answer: $0.answer, score: $0.score) }
    }
}

struct MatchFields: Encodable {
    let text: String
    let matchProbability: Float
    let similarity: Float?

    enum CodingKeys: String, CodingKey {
        case text
        case matchProbability = "match_probability"
        case similarity
    }

    init(_ text: String, _ match: Match) {
        self.text = text
        matchProbability = match.probability
        similarity = match.similarity.finite
    }
}

/// What is wrong with a request, or, without a number, with the frames: then it is the last one.
package struct ErrorRecord: Encodable {
    let type = "error"
    let id: Int?
    /// What kind of error it is, such as `missingFile`.
    let code: String
    /// One sentence.
    let error: String

    package init(id: Int? = nil, code: String, error: String) {
        self.id = id
        self.code = code
        self.error = error
    }
}

extension Float? {
    /// JSON has no others.
    fileprivate var finite: Float? { flatMap { $0.isFinite ? $0 : nil } }
}
