extension JSONReader {
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func advance() { position += 1 }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func take(word: StaticString) -> Bool {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count,
            word.withUTF8Buffer({ bytes[position..<end].elementsEqual($0) })
        else { return false }
        position = end
        return true
    }

    mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    mutating func literal() -> JSONValue? {
        if take(word: "true") { return .bool(true) }
        if take(word: "false") { return .bool(false) }
        if take(word: "null") { return .null }
        guard !isStrict else { return nil }
        if take(word: "NaN") { return .number(.nan) }
        if take(word: "Infinity") { return .number(.infinity) }
        if take(word: "-Infinity") { return .number(-.infinity) }
        return nil
    }

    mutating func number() throws(Failure) -> JSONValue {
        let start = position
        let isWhole = try scanNumber()
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let integer = Int(text) { return .integer(integer) }
        guard let number = Double(text) else { throw error("a number that cannot be read") }
        return .number(number)
    }

    /// Passes over a number, and tells whether it has neither fraction nor exponent.
    mutating func scanNumber() throws(Failure) -> Bool {
        _ = take("-")
        let start = position
        let leadsWithZero = next == UInt8(ascii: "0")
        try skipDigits()
        if leadsWithZero, position - start > 1 { throw error("a number with a leading zero") }
        let end = position
        if take(".") { try skipDigits() }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            try skipDigits()
        }
        return position == end
    }

    private mutating func skipDigits() throws(Failure) {
        let start = position
        while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
        if position == start { throw error("\(describeNext()) in place of a value or digit") }
    }

    func describeNext() -> String {
        guard let byte = next else { return "its end" }
        let isPrintable = (0x20...0x7E).contains(byte)
        return isPrintable
            ? "\"\(Unicode.Scalar(byte))\"" : "the byte 0x\(String(byte, radix: 16))"
    }
}
