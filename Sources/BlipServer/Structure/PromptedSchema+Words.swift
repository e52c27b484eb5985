import BlipJSON

/// What words in place of a value stand for: `true|false`, `<number>`, `low|high`, `(type: string)`, `0-10`,
/// "number of dogs".
extension PromptedSchema {
    static func schema(ofWords text: String) -> JSONValue {
        let choices = alternatives(in: text)
        if choices.count > 1 { return schema(ofChoices: choices) }
        let words = Array(text.promptWords.drop { ["type", "a", "an", "the"].contains($0) })
        guard let first = words.first else { return typed("string") }
        if text.contains("[]") || ["array", "list"].contains(first) {
            let element = words.first { types[$0] != nil } ?? "string"
            return list(of: typed(types[element] ?? "string"))
        }
        if ["number", "count", "amount"].contains(first), words.dropFirst().first == "of" {
            return typed("integer", description: text)
        }
        if ["whether", "if"].contains(first) { return typed("boolean", description: text) }
        if ["color", "colour"].contains(first), words.dropFirst().first == "of" {
            return typed("string", description: text)
        }
        if let type = type(words) { return bounded(type, by: text) }
        // No clock time, date or telephone number.
        let bare = text.filter { !"<>()[]%".contains($0) }[...].trimmed
        let isNumber = Double(bare)?.isFinite == true || bare.wholeMatch(of: range) != nil
        return isNumber ? bounded(nil, by: text) : typed("string")
    }

    /// What is not a type but begins like one: "number plate".
    private static func type(_ words: [String]) -> String? {
        guard let first = words.first, let type = types[first] else { return nil }
        guard first == "number", let second = words.dropFirst().first else { return type }
        return Double(second) != nil || ["between", "from", "in", "e"].contains(second) ? type : nil
    }

    private static func schema(ofChoices choices: [String]) -> JSONValue {
        let lower = Set(choices.map { $0.lowercased() })
        if lower == ["true", "false"] { return typed("boolean") }
        let named = choices.filter {
            !["null", "none", "undefined", "..."].contains($0.lowercased())
        }
        guard named.count > 1 else { return schema(ofWords: named.first ?? "string") }
        if let type = named.first.flatMap({ types[$0.lowercased()] }),
            named.allSatisfy({ types[$0.lowercased()] != nil })
        {
            return typed(type)
        }
        let numbers = named.compactMap(Int.init)
        let values: [JSONValue] =
            numbers.count == named.count
            ? numbers.map(JSONValue.integer) : named.map(JSONValue.string)
        return .object([.init(key: "enum", value: .array(values))])
    }

    /// `a|b`, `a/b/c`, `yes/no`, "one of: a, b".
    private static func alternatives(in text: String) -> [String] {
        let text = text.filter { !"<>".contains($0) }
        if let list = text.firstMatch(of: oneOf)?.1 {
            return parts(of: list.replacing(" or ", with: ",")[...], by: ",|/")
        }
        if text.contains("|") { return parts(of: text[...], by: "|") }
        let parts = Self.parts(of: text.replacing(" or ", with: "/")[...], by: "/")
        guard parts.allSatisfy({ $0.promptWords.count == 1 && Double($0) == nil }) else {
            return []
        }
        let isPair = pairs.contains(Set(parts.map { $0.lowercased() }))
        return isPair || isList(text, of: parts) ? parts : []
    }

    /// No path (`/to/file`), no two units ("km/h or mph"), and no form of a date (`YYYY/MM/DD`).
    private static func isList(_ text: String, of parts: [String]) -> Bool {
        parts.count > 2 && !text.hasPrefix("/") && text.count { $0 == "/" } + 1 == parts.count
            && !parts.allSatisfy { Set($0.lowercased()).isSubset(of: "ymd") }
    }

    private static func parts(of text: Substring, by marks: String) -> [String] {
        text.split { marks.contains($0) }
            .map { part in
                let isMark: (Character) -> Bool = { "\"'`()[] ".contains($0) }
                let end = part.lastIndex { !isMark($0) } ?? part.startIndex
                return String(part[...end].drop(while: isMark))
            }
            .filter { !$0.isEmpty }
    }

    /// With the limits that words tell: "integer from 1 to 5".
    private static func bounded(_ type: String?, by text: String) -> JSONValue {
        guard type != "string", type != "boolean", let match = text.firstMatch(of: range),
            let low = Double(match.1), let high = Double(match.2), low < high, high.isFinite
        else { return typed(type ?? "number") }
        let isWhole = type == "integer" || type == nil && high > 1 && !text.contains(".")
        return .object([
            .init(key: "type", value: .string(isWhole ? "integer" : "number")),
            .init(key: "minimum", value: .of(low)), .init(key: "maximum", value: .of(high)),
        ])
    }

    private static func typed(_ type: String, description: String) -> JSONValue {
        .object([
            .init(key: "type", value: .string(type)),
            .init(key: "description", value: .string(description)),
        ])
    }

    private static let types = [
        "string": "string", "str": "string", "integer": "integer", "int": "integer",
        "number": "number",
        "float": "number", "boolean": "boolean", "bool": "boolean",
    ]
    private static let pairs: Set<Set<String>> = [
        ["true", "false"], ["yes", "no"], ["on", "off"], ["open", "closed"],
    ]
    // Regular expressions are not Sendable, though nothing in them changes.
    nonisolated(unsafe) private static let range =
        /(-?\d+(?:\.\d+)?)\s*(?:-|–|to|and|\.\.+)\s*(-?\d+(?:\.\d+)?)/
    nonisolated(unsafe) private static let oneOf =
        /\bone of(?: the following| these)?\s*:?\s*[\[(]?([^\])]+)/.ignoresCase()
}
