import BLIP
import Foundation

/// The answer of OpenAI's chat completions, whole or a piece of a stream.
struct ChatCompletion: Encodable, Sendable {
    let id: String
    let object: String
    let created: Int
    let model: String
    var choices: [Choice] = []
    var usage: Usage?
    var understood: UnderstoodRecord?

    struct Choice: Encodable, Sendable {
        let index: Int
        var message: Message?
        var delta: Message?
        var logprobs: LogprobsRecord?
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
        var toolCalls: [ToolCall]?

        enum CodingKeys: String, CodingKey {
            case role, content
            case toolCalls = "tool_calls"
        }

        func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encodeIfPresent(role, forKey: .role)
            try values.encodeIfPresent(toolCalls, forKey: .toolCalls)
            // null beside a call.
            if toolCalls != nil, role != nil {
                try values.encode(content, forKey: .content)
            } else {
                try values.encodeIfPresent(content, forKey: .content)
            }
        }
    }

    struct ToolCall: Encodable, Sendable {
        let index = 0
        let id = "call_" + UUID().uuidString.lowercased()
        let type = "function"
        let function: Function

        struct Function: Encodable, Sendable {
            let name: String
            /// JSON, as a text.
            let arguments: String
        }
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

        init(prompt: Int, completions: [ChatAnswer]) {
            promptTokens = prompt
            completionTokens = completions.reduce(0) { $0 + $1.tokenCount }
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

    func with(_ choices: [Choice]) -> ChatCompletion {
        var completion = self
        completion.choices = choices
        return completion
    }
}

/// How likely the model found each token of a text, as OpenAI's chat completions tell it.
struct LogprobsRecord: Encodable, Sendable {
    struct Token: Encodable, Sendable {
        let token: String
        let logprob: Float
        let bytes: [UInt8]
        /// Clients expect the list, though nothing but the chosen token is told.
        let alternatives: [Float] = []

        enum CodingKeys: String, CodingKey {
            case token, logprob, bytes
            case alternatives = "top_logprobs"
        }
    }

    let content: [Token]

    init(of text: GeneratedText, by model: BlipModel) {
        // Where there is one more than there are ids, it is the end token's, which has no text.
        content = zip(text.tokenIDs, text.logProbabilities).enumerated().map { index, pair in
            let token = model.token(for: pair.0) ?? ""
            // Joined they are words with spaces between them.
            let words =
                token.hasPrefix("##") ? String(token.dropFirst(2)) : (index == 0 ? "" : " ") + token
            // JSON has no infinity; such a token is as unlikely as one can be told to be.
            return Token(token: words, logprob: max(pair.1, -9999), bytes: Array(words.utf8))
        }
    }
}
