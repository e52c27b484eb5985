extension JSONReader {
    /// Reads a string, its escapes resolved.
    mutating func string() throws(CheckpointError) -> String {
        try expect("\"")
        let start = position
        var text: [UInt8] = []
        while true {
            guard let byte = bytes[position] else { throw error("a string without an end") }
            guard byte >= 0x20 else { throw error("a control character in a string") }
            position += 1
            if byte == ASCII.quote { break }
            if byte == ASCII.backslash {
                text.append(contentsOf: String(Character(try escape())).utf8)
            } else {
                text.append(byte)
            }
        }
        guard let string = String(validating: text, as: UTF8.self) else {
            throw CheckpointError(
                .invalidUTF8, file: file,
                "\(subject) has a string at its byte \(start.grouped) that is not UTF-8")
        }
        return string
    }

    private mutating func escape() throws(CheckpointError) -> Unicode.Scalar {
        guard let byte = bytes[position] else { throw error("a string without an end") }
        position += 1
        switch Unicode.Scalar(byte) {
        case "\"", "\\", "/": return Unicode.Scalar(byte)
        case "b": return "\u{8}"
        case "f": return "\u{C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u": return try unicodeEscape()
        default: throw error("an unknown escape in a string")
        }
    }

    private mutating func unicodeEscape() throws(CheckpointError) -> Unicode.Scalar {
        let first = try hexadecimal()
        var value = UInt32(first)
        if UTF16.isLeadSurrogate(first) {
            let hasPair =
                bytes[position] == ASCII.backslash && bytes[position + 1] == UInt8(ascii: "u")
            guard hasPair else { throw error("half a surrogate pair") }
            position += 2
            let second = try hexadecimal()
            guard UTF16.isTrailSurrogate(second) else { throw error("half a surrogate pair") }
            value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw error("half a surrogate pair") }
        return scalar
    }

    private mutating func hexadecimal() throws(CheckpointError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = bytes[position],
                let digit = Character(Unicode.Scalar(byte)).hexDigitValue
            else { throw error("an unknown escape in a string") }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }
}
