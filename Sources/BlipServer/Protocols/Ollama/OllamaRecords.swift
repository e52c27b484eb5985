import BLIP
import BlipJSON
import Crypto
import Foundation

/// An answer of Ollama's protocol, or a piece of one; times are in nanoseconds.
struct OllamaReply: Encodable, Sendable {
    let model: String
    let createdAt = Date().formatted(.iso8601WithFraction)
    /// Of `/api/generate`.
    var response: String?
    /// Of `/api/chat`.
    var message: Message?
    var done = false
    var doneReason: String?
    var totalDuration: Int64?
    var loadDuration: Int64?
    var promptEvalCount: Int?
    var promptEvalDuration: Int64?
    var evalCount: Int?
    var evalDuration: Int64?
    var understood: UnderstoodRecord?

    struct Message: Encodable, Sendable {
        let role: String
        let content: String
        var toolCalls: [ToolCall]?

        enum CodingKeys: String, CodingKey {
            case role, content
            case toolCalls = "tool_calls"
        }
    }

    struct ToolCall: Encodable, Sendable {
        let function: Function

        struct Function: Encodable, Sendable {
            let name: String
            let arguments: JSONRecord
        }
    }

    enum CodingKeys: String, CodingKey {
        case model, response, message, done, understood
        case createdAt = "created_at"
        case doneReason = "done_reason"
        case totalDuration = "total_duration"
        case loadDuration = "load_duration"
        case promptEvalCount = "prompt_eval_count"
        case promptEvalDuration = "prompt_eval_duration"
        case evalCount = "eval_count"
        case evalDuration = "eval_duration"
    }

    init(model: String, _ text: String, isChat: Bool) {
        self.model = model
        if isChat {
            message = Message(role: "assistant", content: text)
        } else {
            response = text
        }
    }

    /// A call of a function with what the picture shows.
    init(model: String, calling function: String, with arguments: JSONValue) {
        self.model = model
        let function = ToolCall.Function(name: function, arguments: .init(value: arguments))
        message = Message(role: "assistant", content: "", toolCalls: [.init(function: function)])
    }

    /// Tells of the finished answer.
    mutating func finish(_ answer: ChatAnswer, to chat: ChatSession, time: Duration) {
        understood = UnderstoodRecord(chat.understanding, answer)
        done = true
        doneReason = answer.isCut ? "length" : "stop"
        totalDuration = time.nanoseconds
        // The model is always there.
        loadDuration = 0
        promptEvalCount = chat.promptTokens
        promptEvalDuration = max(0, (time - answer.decodeTime).nanoseconds)
        evalCount = answer.tokenCount
        evalDuration = answer.decodeTime.nanoseconds
    }
}

struct OllamaModels<Model: Encodable>: Encodable {
    let models: [Model]
}

struct OllamaModel: Encodable, Sendable {
    let name: String
    let model: String
    let modifiedAt: String
    let size: Int
    let digest: String
    var details = OllamaDetails()

    enum CodingKeys: String, CodingKey {
        case name, model, size, digest, details
        case modifiedAt = "modified_at"
    }
}

struct OllamaDetails: Encodable, Sendable {
    var format = "openvino"
    var family = "blip"
    var families = ["blip"]
    var parameterSize = ""
    var quantizationLevel = ""

    enum CodingKeys: String, CodingKey {
        case format, family, families
        case parameterSize = "parameter_size"
        case quantizationLevel = "quantization_level"
    }
}

/// A model that is loaded, as `/api/ps` tells of it.
struct OllamaRunningModel: Encodable, Sendable {
    let name: String
    let model: String
    let size: Int
    let digest: String
    var details = OllamaDetails()
    /// It stays for as long as the server runs.
    let expiresAt = Date.distantFuture.formatted(.iso8601WithFraction)
    let sizeVRAM = 0

    enum CodingKeys: String, CodingKey {
        case name, model, size, digest, details
        case expiresAt = "expires_at"
        case sizeVRAM = "size_vram"
    }

    init(_ model: OllamaModel) {
        name = model.name
        self.model = model.model
        size = model.size
        digest = model.digest
    }
}

/// The answer of `/api/embed`.
struct OllamaEmbeddings: Encodable, Sendable {
    let model: String
    let embeddings: [[Float]]
    let totalDuration: Int64
    let loadDuration = 0
    let promptEvalCount: Int

    enum CodingKeys: String, CodingKey {
        case model, embeddings
        case totalDuration = "total_duration"
        case loadDuration = "load_duration"
        case promptEvalCount = "prompt_eval_count"
    }
}

/// What `/api/show` tells of a model.
struct OllamaShow: Encodable {
    var details = OllamaDetails()
    let capabilities: [String]
    var modelInfo = ["general.architecture": "blip"]
    let modifiedAt: String

    init(_ model: BlipModel, modifiedAt: String) {
        capabilities =
            ["completion", "vision"] + (model.tasks.contains(.match) ? ["embedding"] : [])
        self.modifiedAt = modifiedAt
    }

    enum CodingKeys: String, CodingKey {
        case details, capabilities
        case modelInfo = "model_info"
        case modifiedAt = "modified_at"
    }
}

extension OllamaModel {
    init(_ model: BlipModel, name: String) {
        let keys: Set<URLResourceKey> = [.fileSizeKey, .contentModificationDateKey]
        let files =
            (try? FileManager.default.contentsOfDirectory(
                at: model.folder, includingPropertiesForKeys: Array(keys))) ?? []
        let values = files.compactMap { try? $0.resourceValues(forKeys: keys) }
        let configuration = try? Data(contentsOf: model.folder.appending(path: "config.json"))
        // Of the configuration alone: hashing all weights would take long.
        let digest = SHA256.hash(data: configuration ?? Data(name.utf8))
        self.init(
            name: name, model: name,
            modifiedAt: (values.compactMap(\.contentModificationDate).max() ?? .distantPast)
                .formatted(.iso8601WithFraction),
            size: values.reduce(0) { $0 + ($1.fileSize ?? 0) },
            digest: digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined())
    }
}

extension Duration {
    var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}

extension FormatStyle where Self == Date.ISO8601FormatStyle {
    static var iso8601WithFraction: Date.ISO8601FormatStyle {
        Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    }
}
