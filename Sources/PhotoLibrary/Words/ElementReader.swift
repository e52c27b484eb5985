/// Reads XML that nobody vouches for, as far as XMP goes: elements, attributes, text.
///
/// There is no document type, and so no entities but the five of XML: a file that has one is refused. What
/// is read grows no larger than the bytes, and nesting is bounded.
struct ElementReader {
    enum Event: Equatable {
        case start(name: String, attributes: [String: String])
        case end
        case text(String)
    }

    /// Why bytes are no such XML.
    struct Refusal: Error, Equatable { let reason: String }

    private var rest: Substring.UTF8View
    private var open: [String] = []
    /// Of an element that ended as it began.
    private var endsAtOnce = false

    private static let deepest = 64

    init(_ text: String) { rest = text[...].utf8 }

    mutating func next() throws(Refusal) -> Event? {
        if endsAtOnce {
            endsAtOnce = false
            _ = open.popLast()
            return .end
        }
        while let first = rest.first {
            guard first == UInt8(ascii: "<") else {
                let text = try decoded(rest.prefix { $0 != UInt8(ascii: "<") })
                rest = rest.drop { $0 != UInt8(ascii: "<") }
                return .text(text)
            }
            if try skip("<?", to: "?>") { continue }
            if try skip("<!--", to: "-->") { continue }
            if rest.starts(with: "<![CDATA[".utf8) { return .text(try characterData()) }
            if rest.starts(with: "<!".utf8) {
                throw Refusal(reason: "it has a document type, which XMP never has")
            }
            return rest.starts(with: "</".utf8) ? try end() : try start()
        }
        guard open.isEmpty else { throw Refusal(reason: "it ends early") }
        return nil
    }

    private mutating func skip(_ start: String, to end: String) throws(Refusal) -> Bool {
        guard rest.starts(with: start.utf8) else { return false }
        _ = try take(from: start, to: end)
        return true
    }

    private mutating func characterData() throws(Refusal) -> String {
        try take(from: "<![CDATA[", to: "]]>")
    }

    private mutating func take(from start: String, to end: String) throws(Refusal) -> String {
        rest = rest.dropFirst(start.utf8.count)
        let body = rest
        while let place = rest.firstIndex(of: end.utf8.first ?? 0) {
            rest = rest[place...]
            if rest.starts(with: end.utf8) {
                rest = rest.dropFirst(end.utf8.count)
                return String(Substring(body[..<place]))
            }
            rest = rest.dropFirst()
        }
        throw Refusal(reason: "it ends early")
    }

    private mutating func end() throws(Refusal) -> Event {
        let name = try take(from: "</", to: ">").trimmed
        guard open.popLast() == name else { throw Refusal(reason: "its elements do not fit") }
        return .end
    }

    private mutating func start() throws(Refusal) -> Event {
        rest = rest.dropFirst()
        let name = takeName()
        guard !name.isEmpty else { throw Refusal(reason: "an element has no name") }
        var attributes: [String: String] = [:]
        while true {
            rest = rest.drop(while: Self.isSpace)
            guard let byte = rest.first else { throw Refusal(reason: "it ends early") }
            if byte == UInt8(ascii: ">") {
                rest = rest.dropFirst()
                break
            }
            if byte == UInt8(ascii: "/") {
                guard rest.dropFirst().first == UInt8(ascii: ">") else {
                    throw Refusal(reason: "an element does not end")
                }
                rest = rest.dropFirst(2)
                endsAtOnce = true
                break
            }
            let (key, value) = try attribute()
            attributes[key] = value
        }
        open.append(name)
        guard open.count <= Self.deepest else { throw Refusal(reason: "it is nested too deep") }
        return .start(name: name, attributes: attributes)
    }

    private mutating func attribute() throws(Refusal) -> (String, String) {
        let key = takeName()
        rest = rest.drop(while: Self.isSpace)
        guard !key.isEmpty, rest.first == UInt8(ascii: "=") else {
            throw Refusal(reason: "an attribute has no value")
        }
        rest = rest.dropFirst().drop(while: Self.isSpace)
        guard let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
        else { throw Refusal(reason: "an attribute has no quotation marks") }
        rest = rest.dropFirst()
        let value = rest.prefix { $0 != quote }
        rest = rest[value.endIndex...]
        guard !rest.isEmpty else { throw Refusal(reason: "it ends early") }
        rest = rest.dropFirst()
        return (key, try decoded(value))
    }

    private mutating func takeName() -> String {
        let name = rest.prefix { !Self.isSpace($0) && !Self.delimiters.contains($0) }
        rest = rest[name.endIndex...]
        return String(Substring(name))
    }

    private static let delimiters = Set("=/><\"'".utf8)

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }

    /// With the five entities and numbers in their characters' place.
    private func decoded(_ raw: Substring.UTF8View) throws(Refusal) -> String {
        let parts = Substring(raw).split(separator: "&", omittingEmptySubsequences: false)
        var text = String(parts.first ?? "")
        for part in parts.dropFirst() {
            guard let semicolon = part.firstIndex(of: ";"),
                let character = Self.character(part[..<semicolon])
            else { throw Refusal(reason: "it has an entity that XML does not define") }
            text.unicodeScalars.append(character)
            text += part[part.index(after: semicolon)...]
        }
        return text
    }

    private static func character(_ name: Substring) -> UnicodeScalar? {
        switch name {
        case "lt": return "<"
        case "gt": return ">"
        case "amp": return "&"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard name.first == "#" else { return nil }
            let digits = name.dropFirst()
            let isHexadecimal = digits.first == "x"
            return UInt32(
                isHexadecimal ? digits.dropFirst() : digits, radix: isHexadecimal ? 16 : 10
            )
            .flatMap(UnicodeScalar.init)
        }
    }
}

extension StringProtocol {
    /// Without white space at either end.
    var trimmed: String {
        let start = drop { $0.isWhitespace }
        return String(
            start[
                ..<(start.lastIndex { !$0.isWhitespace }.map(start.index(after:))
                    ?? start.startIndex)])
    }
}
