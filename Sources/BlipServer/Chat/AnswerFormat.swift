import BlipJSON

/// The form that a request wants its answer in.
enum AnswerFormat: Sendable, Hashable {
    case text
    /// An object whose members the prompt tells.
    case json
    case schema(JSONValue)
    /// One of a closed list, as the answer to a question.
    case choice([String])
    /// A call of a function, whose parameters are a schema.
    case function(name: String, parameters: JSONValue)

    var functionName: String? {
        if case .function(let name, _) = self { name } else { nil }
    }

    /// Ollama's `format`, and its `tools`, of which a model with one function is expected to call it.
    init(ollamaFormat format: JSONValue?, tools: JSONValue?) throws(ServiceError) {
        let functions = try ToolFunction.list(tools)
        switch format ?? .null {
        case .null, .string(""):
            if functions.count == 1, let function = functions.first {
                self = .function(name: function.name, parameters: function.parameters)
            } else {
                self = .text
            }
        case .string("json"): self = .json
        case .object: self = .schema(format ?? .null)
        default: throw .invalid("format must be \"json\" or a JSON schema; send it so")
        }
    }

    /// `response_format` of chat completions, or `text.format` of responses.
    init(openAIFormat format: JSONValue?) throws(ServiceError) {
        let type = format?["type"]?.text
        switch type {
        case nil where format == nil || format == .null: self = .text
        case "text": self = .text
        case "json_object":
            // llama.cpp's clients put a schema here; one that asks for nothing would allow more than objects.
            let schema = format?["schema"] ?? .null
            self = schema.isNull || schema == .object([]) ? .json : .schema(schema)
        case "json_schema":
            guard let schema = (format?["json_schema"] ?? format)?["schema"] else {
                throw .invalid("response_format has no schema; send one, or ask for json_object")
            }
            self = .schema(schema)
        default:
            throw .invalid(
                "response_format cannot be \((type ?? "that").prefix(40)); ask for text, "
                    + "json_object or json_schema")
        }
    }

    /// `tools` and `tool_choice` of chat completions; `nil` where no function is to be called.
    ///
    /// - Parameter isAnswered: whether the chat's last message is what a function gave.
    init?(openAITools tools: JSONValue?, choice: JSONValue?, isAnswered: Bool) throws(ServiceError)
    {
        let functions = try ToolFunction.list(tools)
        let choice = choice ?? .null
        switch choice {
        case .null, .object, .string("auto"), .string("none"), .string("required"): break
        default:
            throw .invalid(
                "tool_choice must be auto, none, required or an object that names a function; send it so"
            )
        }
        let name = (choice["function"] ?? choice)["name"]?.text
        if let name {
            guard let function = functions.first(where: { $0.name == name }) else {
                throw .invalid("tool_choice names \(name.prefix(60)), which is not among the tools")
            }
            self = .function(name: name, parameters: function.parameters)
        } else if choice == .string("none") || isAnswered && choice != .string("required") {
            return nil
        } else if functions.count == 1, let only = functions.first {
            self = .function(name: only.name, parameters: only.parameters)
        } else if choice == .string("required") {
            guard !functions.isEmpty else {
                throw .invalid("tool_choice is required, and there are no tools; send a function")
            }
            throw .invalid(
                "This model cannot choose among \(functions.count) functions; send one, or name it "
                    + "in tool_choice")
        } else {
            return nil
        }
    }
}

private struct ToolFunction {
    let name: String
    let parameters: JSONValue

    static func list(_ tools: JSONValue?) throws(ServiceError) -> [ToolFunction] {
        guard let tools, tools != .null else { return [] }
        guard let elements = tools.elements else {
            throw .invalid("tools must be a list; send it so")
        }
        var functions: [ToolFunction] = []
        for tool in elements {
            if let type = tool["type"]?.text, type != "function" {
                throw .invalid(
                    "This server has no tool \(type.prefix(40)); send functions of your own, or leave it out"
                )
            }
            let function = tool["function"] ?? tool
            guard let name = function["name"]?.text else {
                throw .invalid("A tool has no function with a name; send one")
            }
            let parameters = try object(function["parameters"] ?? .null, of: name)
            functions.append(ToolFunction(name: name, parameters: parameters))
        }
        return functions
    }

    /// The schema of a function's arguments, which are an object, of nothing where it has no parameters.
    private static func object(
        _ parameters: JSONValue, of name: String
    ) throws(ServiceError) -> JSONValue {
        switch parameters {
        case .null, .object([]): return .object([.init(key: "type", value: .string("object"))])
        case .object where (parameters["type"]?.text ?? "object") == "object": return parameters
        default:
            throw .invalid(
                "The parameters of \(name.prefix(60)) are no schema of an object; send one, or leave them out"
            )
        }
    }
}
