import BlipJSON

/// The schema that a prompt describes in words: by an example of the object, or by its names.
enum PromptedSchema {
    /// - Parameter prompt: asks for JSON, and has no schema beside it.
    static func schema(of prompt: String) -> JSONValue {
        if let example = example(in: prompt) {
            let isSchema = example["type"]?.text == "object" && example["properties"] != nil
            return isSchema ? example : schema(ofExample: example)
        }
        let names = names(in: prompt)
        return object((names.isEmpty ? ["description"] : names).map { ($0, schema(ofName: $0)) })
    }

    /// The first object in the text that can be read and has members.
    private static func example(in prompt: String) -> JSONValue? {
        var rest = prompt.utf8[...]
        var attempts = 0
        while let start = rest.firstIndex(of: UInt8(ascii: "{")), attempts < 8 {
            attempts += 1
            rest = rest[start...]
            if let value = object(at: rest), value.members?.isEmpty == false { return value }
            rest = rest.dropFirst()
        }
        return nil
    }

    private static func object(at text: Substring.UTF8View) -> JSONValue? {
        Array(text).withUnsafeBytes { bytes in
            var reader = JSONReader<JSONError>(bytes, isStrict: false) { $0 }
            return try? reader.value()
        }
    }

    private static func schema(ofExample value: JSONValue) -> JSONValue {
        switch value {
        case .null: return typed("string")
        case .bool: return typed("boolean")
        case .integer, .number: return typed("number")
        case .string(let text):
            // "low|medium|high" is a choice, and <string> or a word of explanation is a text.
            let choices = text.split(separator: "|").map { String($0.trimmed) }
            guard choices.count > 1 else { return typed("string") }
            return .object([.init(key: "enum", value: .array(choices.map(JSONValue.string)))])
        case .array(let elements):
            let items = elements.first.map(schema(ofExample:)) ?? typed("string")
            return .object([
                .init(key: "type", value: .string("array")), .init(key: "items", value: items),
            ])
        case .object(let members):
            return object(members.map { ($0.key, schema(ofExample: $0.value)) })
        }
    }

    /// Quoted words, or else words that such objects mostly have.
    private static func names(in prompt: String) -> [String] {
        let quoted = prompt.matches(of: quotation).map { String($0.1) }
        let found =
            quoted.isEmpty
            ? prompt.promptWords.filter(usual.contains) : quoted.map { $0.lowercased() }
        var seen: Set<String> = []
        return found.filter { seen.insert($0).inserted }
    }

    private static func schema(ofName name: String) -> JSONValue {
        let field = FieldName(name)
        if field.isLabels || field.isColors {
            return .object([
                .init(key: "type", value: .string("array")),
                .init(key: "items", value: typed("string")),
            ])
        }
        if ["confidence", "probability", "score"].contains(field.last) { return typed("number") }
        if ["count", "number"].contains(field.last) { return typed("integer") }
        return typed(["is", "has"].contains(field.words.first) ? "boolean" : "string")
    }

    private static func typed(_ type: String) -> JSONValue {
        .object([.init(key: "type", value: .string(type))])
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
