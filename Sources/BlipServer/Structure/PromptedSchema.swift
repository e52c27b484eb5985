import BlipJSON

/// The schema that a prompt describes in words: by a schema, an example of what is wanted, or its names.
enum PromptedSchema {
    /// - Parameters:
    ///   - prompt: asks for JSON, and has no schema beside it.
    ///   - system: what the system says, which counts where the prompt shows and names nothing.
    ///   - isObject: whether the answer must be an object.
    static func schema(of prompt: String, system: String = "", isObject: Bool = false) -> JSONValue
    {
        let shown = [prompt, system].map { text in
            let examples = ExampleReader.examples(in: text)
            return isObject ? examples.compactMap(\.asObject) : examples.map(\.unwrapped)
        }
        for examples in shown {
            // Of several the last is meant: others explain what a schema is.
            if let schema = examples.last(where: \.isSchema) { return schema }
        }
        for examples in shown {
            if let example = examples.first { return schema(ofExample: example) }
        }
        let named = [prompt, system].first { !names(in: $0).isEmpty } ?? prompt
        return schema(ofNames: names(in: named), isList: !isObject && asksForList(named))
    }

    private static func schema(ofExample value: JSONValue) -> JSONValue {
        switch value {
        case .null: return typed("string")
        case .bool: return typed("boolean")
        case .integer, .number: return typed("number")
        case .string(let text): return schema(ofWords: text)
        case .array(let elements):
            return list(of: elements.first.map(schema(ofExample:)) ?? typed("string"))
        case .object(let members):
            return object(members.map { ($0.key, schema(ofExample: $0.value)) })
        }
    }

    private static func asksForList(_ prompt: String) -> Bool {
        let text = prompt.lowercased()
        return text.containsAny(["json array", "json list", "array of json", "list of json"])
            && !text.contains("json object")
    }

    private static func schema(ofNames names: [String], isList: Bool) -> JSONValue {
        if isList, names.isEmpty || names.count == 1 && FieldName(names[0]).isLabels {
            return list(of: typed("string"))
        }
        let members = (names.isEmpty ? ["description"] : names).map { ($0, schema(ofName: $0)) }
        return isList ? list(of: object(members)) : object(members)
    }

    /// Quoted words, or else words that such objects mostly have.
    private static func names(in prompt: String) -> [String] {
        let quoted = prompt.matches(of: quotation).map { String($0.1) }
            .filter { $0.lowercased() != "json" }
        let found = quoted.isEmpty ? prompt.promptWords.filter(usual.contains) : quoted
        var seen: Set<String> = []
        return found.filter { seen.insert($0).inserted }
    }

    private static func schema(ofName name: String) -> JSONValue {
        let field = FieldName(name)
        if field.isLabels || field.isColors { return list(of: typed("string")) }
        if ["confidence", "probability", "score"].contains(field.last) { return typed("number") }
        if ["count", "number"].contains(field.last) { return typed("integer") }
        return typed(["is", "has"].contains(field.words.first) ? "boolean" : "string")
    }

    static func typed(_ type: String) -> JSONValue {
        .object([.init(key: "type", value: .string(type))])
    }

    static func list(of items: JSONValue) -> JSONValue {
        .object([
            .init(key: "type", value: .string("array")), .init(key: "items", value: items),
        ])
    }

    private static func object(_ properties: [(String, JSONValue)]) -> JSONValue {
        .object([
            .init(key: "type", value: .string("object")),
            .init(
                key: "properties",
                value: .object(properties.map { .init(key: $0.0, value: $0.1) })),
            .init(key: "required", value: .array(properties.map { .string($0.0) })),
        ])
    }

    // Nothing in it changes.
    nonisolated(unsafe) private static let quotation = /["'`“]([A-Za-z][A-Za-z0-9_]{0,30})["'`”]/
    private static let usual: Set<String> = [
        "title", "description", "caption", "summary", "tags", "keywords", "labels", "hashtags",
        "objects", "category", "categories", "colors", "colours", "color", "mood", "scene",
        "location",
        "weather", "confidence", "count", "activity", "animal", "subject",
    ]
}

extension JSONValue {
    /// Whether it is a JSON schema, and no example of what is wanted.
    fileprivate var isSchema: Bool {
        let type = self["type"]?.text
        switch type {
        case nil, "object":
            if let properties = self["properties"]?.members, type != nil || !properties.isEmpty {
                return properties.allSatisfy { $0.value.members != nil }
            }
            if self["$ref"]?.text?.hasPrefix("#/") == true { return true }
            let parts = self["anyOf"] ?? self["oneOf"] ?? self["allOf"]
            guard let parts = parts?.elements, !parts.isEmpty else { return false }
            return parts.allSatisfy { $0.members != nil }
        case "array": return self["items"]?.members != nil
        default: return false
        }
    }

    /// The schema that stands within what `response_format` has, or a tool; all else as it is.
    fileprivate var unwrapped: JSONValue {
        guard !isSchema else { return self }
        let within = [self["json_schema"]?["schema"], self["schema"], self["parameters"]]
        return within.compactMap(\.self).first(where: \.isSchema) ?? self
    }

    /// An object, or of a list of objects the first; a list of what is none becomes its member.
    fileprivate var asObject: JSONValue? {
        let value = unwrapped
        if value["type"]?.text == "array", value.isSchema {
            if let items = value["items"], items.isSchema { return items.asObject }
            let member = Member(key: "items", value: value)
            return .object([.init(key: "properties", value: .object([member]))])
        }
        let object = value.elements?.first ?? value
        return object.members == nil ? nil : object
    }
}
