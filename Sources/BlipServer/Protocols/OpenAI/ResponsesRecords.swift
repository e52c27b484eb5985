import Foundation

/// The answer of OpenAI's responses.
struct ResponsesRecord: Encodable, Sendable {
    let id = "resp_" + UUID().uuidString.lowercased()
    let object = "response"
    let createdAt = Int(Date().timeIntervalSince1970)
    let model: String
    var status = Status.inProgress
    var incompleteDetails: [String: String]?
    var output: [Item] = []
    var usage: Usage?
    var understood: UnderstoodRecord?
    // Fields that clients expect.
    let parallelToolCalls = false
    let toolChoice = "none"
    let tools: [String] = []

    enum Status: String, Encodable {
        case inProgress = "in_progress"
        case completed, incomplete
    }

    enum CodingKeys: String, CodingKey {
        case id, object, model, status, output, usage, tools, understood
        case createdAt = "created_at"
        case incompleteDetails = "incomplete_details"
        case parallelToolCalls = "parallel_tool_calls"
        case toolChoice = "tool_choice"
    }

    /// A message, or the call of a function of the client's.
    enum Item: Encodable, Sendable {
        case message(Message)
        case call(FunctionCall)

        var id: String {
            switch self {
            case .message(let message): message.id
            case .call(let call): call.id
            }
        }

        func encode(to encoder: any Encoder) throws {
            switch self {
            case .message(let message): try message.encode(to: encoder)
            case .call(let call): try call.encode(to: encoder)
            }
        }

        /// The same, finished with a text: a message's, or a call's arguments.
        func finished(_ text: String) -> Item {
            switch self {
            case .message(var message):
                message.status = .completed
                message.content = [.init(text: text)]
                return .message(message)
            case .call(var call):
                call.status = .completed
                call.arguments = text
                return .call(call)
            }
        }
    }

    struct Message: Encodable, Sendable {
        let id = "msg_" + UUID().uuidString.lowercased()
        let type = "message"
        let role = "assistant"
        var status = Status.inProgress
        var content: [Part] = []
    }

    struct FunctionCall: Encodable, Sendable {
        let id = "fc_" + UUID().uuidString.lowercased()
        let callID = "call_" + UUID().uuidString.lowercased()
        let type = "function_call"
        let name: String
        /// JSON, as a text.
        var arguments = ""
        var status = Status.inProgress

        enum CodingKeys: String, CodingKey {
            case id, type, name, arguments, status
            case callID = "call_id"
        }
    }

    struct Part: Encodable, Sendable {
        let type = "output_text"
        let text: String
        let annotations: [String] = []
    }

    struct Usage: Encodable, Sendable {
        let inputTokens: Int
        let outputTokens: Int
        let totalTokens: Int
        let inputTokensDetails = ["cached_tokens": 0]
        let outputTokensDetails = ["reasoning_tokens": 0]

        enum CodingKeys: String, CodingKey {
            case inputTokens = "input_tokens"
            case outputTokens = "output_tokens"
            case totalTokens = "total_tokens"
            case inputTokensDetails = "input_tokens_details"
            case outputTokensDetails = "output_tokens_details"
        }
    }

    init(model: String) { self.model = model }

    /// - Parameter isLimited: whether the client limited the tokens.
    func finished(
        _ item: Item, _ answer: ChatAnswer, of chat: ChatSession, isLimited: Bool
    ) -> ResponsesRecord {
        var record = self
        let isCut = answer.isCut && isLimited
        record.status = isCut ? .incomplete : .completed
        record.incompleteDetails = isCut ? ["reason": "max_output_tokens"] : nil
        record.output = [item]
        record.understood = UnderstoodRecord(chat.understanding, answer)
        let promptTokens = chat.promptTokens
        record.usage = Usage(
            inputTokens: promptTokens, outputTokens: answer.tokenCount,
            totalTokens: promptTokens + answer.tokenCount)
        return record
    }
}

/// An event of a stream; each kind has some of the fields.
struct ResponsesEvent: NamedEvent, Sendable {
    let type: String
    var sequenceNumber = 0
    var response: ResponsesRecord?
    var outputIndex: Int?
    var item: ResponsesRecord.Item?
    var itemID: String?
    var contentIndex: Int?
    var part: ResponsesRecord.Part?
    var delta: String?
    var text: String?
    var arguments: String?

    enum CodingKeys: String, CodingKey {
        case type, response, item, part, delta, text, arguments
        case sequenceNumber = "sequence_number"
        case outputIndex = "output_index"
        case itemID = "item_id"
        case contentIndex = "content_index"
    }
}
