import BlipJSON

/// Fields by which clients of other servers ask for a form: those of vLLM, SGLang and llama.cpp. What cannot be kept is
/// refused, since their clients read nothing else.
extension AnswerFormat {
    static let extensions: Set<String> = [
        "guided_json", "guided_choice", "guided_regex", "guided_grammar", "structured_outputs",
        "json_schema", "grammar", "regex", "ebnf", "functions", "function_call", "modalities",
    ]

    /// - Parameter members: of the request, those that are ``extensions``.
    /// - Returns: `nil` where none of them asks for a form.
    init?(extensions members: [String: JSONValue]) throws(ServiceError) {
        let members = members.filter { !$0.value.isNull }
        if let functions = members["functions"], functions != .array([]),
            members["function_call"] != .string("none")
        {
            throw .invalid("functions are not read; send them as tools")
        }
        let kinds = members["modalities"].map { $0.elements ?? [$0] } ?? []
        if let kind = kinds.first(where: { $0 != .string("text") }) {
            throw .invalid("An answer cannot be \(kind.spoken.prefix(40)); ask for text")
        }
        for name in ["guided_regex", "guided_grammar", "grammar", "regex", "ebnf"] {
            if let value = members[name], value != .string("") { throw Self.refused(name) }
        }
        if let structured = members["structured_outputs"] {
            try self.init(structured: structured)
            return
        }
        if let schema = members["guided_json"] ?? members["json_schema"] {
            self = try .schema(Self.schema(schema))
        } else if let choices = members["guided_choice"] {
            self = try .choice(Self.choices(choices))
        } else {
            return nil
        }
    }

    /// vLLM's newer form.
    private init(structured: JSONValue) throws(ServiceError) {
        guard structured.members != nil else {
            throw .invalid("structured_outputs must be an object; send it so")
        }
        let value = { (name: String) in structured[name].flatMap { $0.isNull ? nil : $0 } }
        for name in ["regex", "grammar", "structural_tag"] where value(name) != nil {
            throw Self.refused("structured_outputs.\(name)")
        }
        if let schema = value("json") {
            self = try .schema(Self.schema(schema))
        } else if let choices = value("choice") {
            self = try .choice(Self.choices(choices))
        } else {
            self = value("json_object") == .bool(true) ? .json : .text
        }
    }

    /// As an object, or as the text of one.
    private static func schema(_ value: JSONValue) throws(ServiceError) -> JSONValue {
        if value.members != nil { return value }
        if let text = value.text, let schema = try? JSONValue(parsing: Array(text.utf8)),
            schema.members != nil
        {
            return schema
        }
        throw .invalid("The schema is no JSON object; send one")
    }

    private static func choices(_ value: JSONValue) throws(ServiceError) -> [String] {
        let texts = (value.elements ?? []).compactMap(\.text)
        guard !texts.isEmpty, texts.count == value.elements?.count,
            texts.allSatisfy({ !$0.isBlank }),
            Set(texts).count == texts.count, texts.count <= Limits.choices
        else {
            throw .invalid("A choice is among 1 to \(Limits.choices) different texts; send these")
        }
        return texts
    }

    private static func refused(_ name: String) -> ServiceError {
        .invalid("\(name) cannot be kept by this model; send a JSON schema or a choice instead")
    }
}
