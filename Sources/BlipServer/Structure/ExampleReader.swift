import BlipJSON

/// Reads the objects and lists that prompts show as examples: JSON, and what is written in its place.
///
/// Names and values may stand without quotes (`open: true|false`, `"count": <number>`, `"title": (type: string)`),
/// quotes may be curly, a comma may be missing or one too many, and comments and dots may stand between the members.
/// Such values become texts.
struct ExampleReader {
    let bytes: [UInt8]
    var position = 0

    private static let attempts = 64
    private static let depth = 24

    /// The examples in a text, in their order; what stands within one is no example of its own.
    static func examples(in text: String) -> [JSONValue] {
        var reader = ExampleReader(bytes: Array(text.utf8))
        var examples: [JSONValue] = []
        for _ in 0..<attempts {
            guard reader.findOpening() else { break }
            let start = reader.position
            if let example = reader.json() ?? reader.value(0), !example.isEmptyContainer {
                examples.append(example)
            } else {
                reader.position = start + 1
            }
        }
        return examples
    }

    /// Moves to where an object begins, or a list of objects or texts.
    private mutating func findOpening() -> Bool {
        while let byte = next {
            if byte == UInt8(ascii: "{") { return true }
            if byte == UInt8(ascii: "[") {
                let first = bytes[position...].dropFirst().first { !$0.isBlank && !$0.isNewline }
                if first == UInt8(ascii: "{") || first == UInt8(ascii: "\"") { return true }
            }
            position += 1
        }
        return false
    }

    /// What is JSON indeed.
    private mutating func json() -> JSONValue? {
        let read = bytes.withUnsafeBytes { bytes -> (value: JSONValue, end: Int)? in
            var reader = JSONReader<JSONError>(
                UnsafeRawBufferPointer(rebasing: bytes[position...]), isStrict: false
            ) { $0 }
            guard let value = try? reader.value() else { return nil }
            return (value, position + reader.offset)
        }
        guard let read else { return nil }
        position = read.end
        return read.value
    }

    private mutating func value(_ depth: Int) -> JSONValue? {
        skipBlanks()
        guard depth < Self.depth, let byte = next else { return nil }
        if beginsQuote { return quoted().map { .string(alternatives(after: $0)) } }
        switch byte {
        case UInt8(ascii: "{"): return object(depth)
        case UInt8(ascii: "["): return array(depth)
        default: return words(depth)
        }
    }

    private mutating func object(_ depth: Int) -> JSONValue? {
        position += 1
        var members: [JSONValue.Member] = []
        while true {
            skipBetween()
            if take("}") { return .object(members) }
            guard let name = name() else { return nil }
            skipBlanks()
            _ = take("?")
            skipBlanks()
            guard take(":"), let value = value(depth + 1) else { return nil }
            members.append(.init(key: name, value: value))
            skipRemark()
        }
    }

    private mutating func array(_ depth: Int) -> JSONValue? {
        position += 1
        var elements: [JSONValue] = []
        while true {
            skipBetween()
            if take("]") { return .array(elements) }
            let start = position
            guard let value = value(depth + 1), position > start else { return nil }
            elements.append(value)
            skipRemark()
        }
    }

    /// A value without quotes: `true|false`, `<number>`, `(type: string)`, `string[]`.
    private mutating func words(_ depth: Int) -> JSONValue? {
        let start = position
        var open = 0
        while let byte = next, !byte.isNewline, open > 0 || !byte.endsValue, !beginsComment {
            switch byte {
            case UInt8(ascii: "{"):
                // "(type: array of Pet: {...})"
                let before = String(decoding: bytes[start..<position], as: UTF8.self).promptWords
                guard let object = object(depth + 1) else { return nil }
                skipRemark()
                return before.contains { ["array", "list"].contains($0) }
                    ? .array([object]) : object
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "<"): open += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: ">"): open = max(0, open - 1)
            default: break
            }
            position += 1
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)[...].trimmed
        switch text {
        case "": return nil
        case "true", "True": return .bool(true)
        case "false", "False": return .bool(false)
        case "null", "None": return .null
        default:
            if let whole = Int(text) { return .integer(whole) }
            if let number = Double(text), number.isFinite { return .number(number) }
            return .string(String(text))
        }
    }

    /// `"a" | "b"` is one value.
    private mutating func alternatives(after text: String) -> String {
        var text = text
        while true {
            let end = position
            skipBlanks()
            guard take("|") else {
                position = end
                return text
            }
            skipBlanks()
            if beginsQuote, let other = quoted() {
                text += "|" + other
            } else {
                let start = position
                while let byte = next, !byte.isNewline, !byte.endsValue, byte != UInt8(ascii: "|") {
                    position += 1
                }
                text += "|" + String(decoding: bytes[start..<position], as: UTF8.self)
            }
        }
    }

    private mutating func name() -> String? {
        if beginsQuote { return quoted() }
        let start = position
        while let byte = next, byte.isNameByte { position += 1 }
        return position > start ? String(decoding: bytes[start..<position], as: UTF8.self) : nil
    }

    private mutating func quoted() -> String? {
        let isCurly = beginsCurlyQuote
        let mark = next
        position += isCurly ? 3 : 1
        var text: [UInt8] = []
        while let byte = next, !byte.isNewline {
            if isCurly, beginsCurlyQuote {
                position += 3
                return String(decoding: text, as: UTF8.self)
            }
            position += 1
            if !isCurly, byte == mark { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), let escaped = next, !escaped.isNewline {
                text.append(escaped)
                position += 1
            } else {
                text.append(byte)
            }
        }
        return nil
    }
}

extension ExampleReader {
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func skipBlanks() { while let byte = next, byte.isBlank { position += 1 } }

    /// Passes over the rest of a value's line, such as a remark behind it.
    mutating func skipRemark() {
        while let byte = next, !byte.isNewline, !byte.endsValue {
            if beginsComment { skipComment() } else { position += 1 }
        }
    }

    /// Passes over what may stand between members: spaces, commas, dots, comments.
    mutating func skipBetween() {
        while let byte = next {
            if beginsComment || byte == UInt8(ascii: "#") {
                skipComment()
            } else if byte.isBlank || byte.isNewline || ",;.".utf8.contains(byte) {
                position += 1
            } else if bytes[position...].starts(with: "…".utf8) {
                position += 3
            } else {
                return
            }
        }
    }

    private var beginsQuote: Bool { next?.isQuote == true || beginsCurlyQuote }

    /// As editors put them in place of straight ones.
    private var beginsCurlyQuote: Bool {
        next == 0xE2
            && ["“", "”", "„", "‘", "’"].contains { bytes[position...].starts(with: $0.utf8) }
    }

    /// `//` or `/*`, but not that of an address.
    var beginsComment: Bool {
        guard next == UInt8(ascii: "/"), position + 1 < bytes.count else { return false }
        let second = bytes[position + 1]
        let follows = position == 0 ? nil : bytes[position - 1]
        return second == UInt8(ascii: "*")
            || second == UInt8(ascii: "/") && follows != UInt8(ascii: ":")
    }

    private mutating func skipComment() {
        let isBlock = position + 1 < bytes.count && bytes[position + 1] == UInt8(ascii: "*")
        position += 1
        while let byte = next {
            if isBlock, byte == UInt8(ascii: "/"), bytes[position - 1] == UInt8(ascii: "*") {
                position += 1
                return
            }
            if !isBlock, byte.isNewline { return }
            position += 1
        }
    }
}

extension UInt8 {
    fileprivate var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
    fileprivate var isNewline: Bool { self == UInt8(ascii: "\n") || self == UInt8(ascii: "\r") }
    fileprivate var isQuote: Bool { "\"'`".utf8.contains(self) }
    fileprivate var endsValue: Bool { ",;}]".utf8.contains(self) }
    fileprivate var isNameByte: Bool {
        self >= 0x80 || "_-$".utf8.contains(self)
            || Unicode.Scalar(self).properties.isAlphabetic || (0x30...0x39).contains(self)
    }
}

extension JSONValue {
    fileprivate var isEmptyContainer: Bool { members?.isEmpty ?? elements?.isEmpty ?? true }
}
