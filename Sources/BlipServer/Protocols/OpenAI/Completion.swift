import BLIP
import Foundation

/// The answer of OpenAI's chat completions, whole or a piece of a stream.
struct Completion: Encodable, Sendable {
    let id: String
    let object: String
    let created: Int
    let model: String
    var choices: [Choice] = []
    var usage: Usage?

    struct Choice: Encodable, Sendable {
        let index: Int
        var message: Message?
        var delta: Message?
        var logprobs: LogProbabilities?
        var finishReason: String?

        enum CodingKeys: String, CodingKey {
            case index, message, delta, logprobs
            case finishReason = "finish_reason"
        }

        func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(index, forKey: .index)
            try values.encodeIfPresent(message, forKey: .message)
            try values.encodeIfPresent(delta, forKey: .delta)
            try values.encodeIfPresent(logprobs, forKey: .logprobs)
            // null while the text still grows.
            try values.encode(finishReason, forKey: .finishReason)
        }
    }

    struct Message: Encodable, Sendable {
        var role: String?
        var content: String?
    }

    struct Usage: Encodable, Sendable {
        let promptTokens: Int
        let completionTokens: Int
        let totalTokens: Int

        enum CodingKeys: String, CodingKey {
            case promptTokens = "prompt_tokens"
            case completionTokens = "completion_tokens"
            case totalTokens = "total_tokens"
        }

        init(prompt: Int, completions: [GeneratedText]) {
            promptTokens = prompt
            completionTokens = completions.reduce(0) { $0 + $1.tokenIDs.count }
            totalTokens = promptTokens + completionTokens
        }
    }

    /// One without choices, of which the pieces of a stream are copies.
    init(model: String, isPiece: Bool) {
        id = "chatcmpl-" + UUID().uuidString.lowercased()
        object = isPiece ? "chat.completion.chunk" : "chat.completion"
        created = Int(Date().timeIntervalSince1970)
        self.model = model
    }

    func with(_ choices: [Choice]) -> Completion {
        var completion = self
        completion.choices = choices
        return completion
    }
}

struct ModelList: Encodable {
    var object = "list"
    let data: [ModelRecord]
}

struct ModelRecord: Encodable {
    let id: String
    var object = "model"
    let created: Int
    var owner = "swift-blip"

    enum CodingKeys: String, CodingKey {
        case id, object, created
        case owner = "owned_by"
    }
}
