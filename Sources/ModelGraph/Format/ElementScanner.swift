/// Goes through the elements of an IR one after another.
///
/// Not a parser of all XML, which would bring libxml2 and ICU's libraries to every box: an IR as this package
/// writes it has elements, attributes and numbers, and neither comments nor CDATA.
struct ElementScanner {
    enum Event {
        case start(String, [(name: String, value: String)])
        case end(String)
        case text(String)
    }

    private let bytes: [UInt8]
    private var position = 0
    /// An element that was closed where it was opened, and whose end is still to be told.
    private var closed: String?
    private(set) var line = 1

    init(_ text: String) { bytes = Array(text.utf8) }

    /// The next event; `nil` at the end.
    mutating func next() throws(GraphError) -> Event? {
        if let name = closed {
            closed = nil
            return .end(name)
        }
        while true {
            let text = take { $0 != UInt8(ascii: "<") }
            if !text.allSatisfy(Self.isSpace) {
                return .text(String(decoding: text, as: UTF8.self))
            }
            guard skip("<") else { return nil }
            guard skip("?") else { break }
            _ = take { $0 != UInt8(ascii: ">") }
            try expect(">")
        }
        if skip("/") {
            let name = String(decoding: take(while: Self.isName), as: UTF8.self)
            try expect(">")
            return .end(name)
        }
        return try element()
    }

    private mutating func element() throws(GraphError) -> Event {
        let name = String(decoding: take(while: Self.isName), as: UTF8.self)
        guard !name.isEmpty else { throw mistake("an element without a name") }
        var attributes: [(name: String, value: String)] = []
        while true {
            _ = take(while: Self.isSpace)
            if skip("/") {
                try expect(">")
                closed = name
                return .start(name, attributes)
            }
            if skip(">") { return .start(name, attributes) }
            let attribute = take(while: Self.isName)
            guard !attribute.isEmpty else { throw mistake("<\(name)> does not end") }
            try expect("=")
            try expect("\"")
            let value = take { $0 != UInt8(ascii: "\"") }
            try expect("\"")
            attributes.append((String(decoding: attribute, as: UTF8.self), unescaped(value)))
        }
    }

    private mutating func take(while isWanted: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.count, isWanted(bytes[position]) {
            if bytes[position] == 0x0A { line += 1 }
            position += 1
        }
        return bytes[start..<position]
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else {
            return false
        }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(GraphError) {
        guard skip(character) else { throw mistake("\"\(character)\" is missing") }
    }

    private func mistake(_ what: String) -> GraphError {
        GraphError("The IR cannot be read: \(what)", inLine: line)
    }

    private func unescaped(_ value: ArraySlice<UInt8>) -> String {
        guard value.contains(UInt8(ascii: "&")) else {
            return String(decoding: value, as: UTF8.self)
        }
        return XMLEscape.unescaped(value)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// The signs that stand in attributes under other names.
///
/// They are looked for in scalars and bytes: to Swift's characters, a quotation mark that an accent follows
/// is another one.
enum XMLEscape {
    private static let names: [(sign: Unicode.Scalar, name: String)] = [
        ("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"),
    ]

    static func escaped(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if let name = names.first(where: { $0.sign == scalar })?.name {
                escaped.append(contentsOf: name.unicodeScalars)
            } else {
                escaped.append(scalar)
            }
        }
        return String(escaped)
    }

    static func unescaped(_ text: ArraySlice<UInt8>) -> String {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.first {
            let found = names.first { rest.starts(with: $0.name.utf8) }
            bytes.append(found.map { UInt8(ascii: $0.sign) } ?? byte)
            rest = rest.dropFirst(found?.name.utf8.count ?? 1)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
