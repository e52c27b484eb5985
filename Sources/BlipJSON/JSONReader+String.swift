extension JSONReader {
    /// Reads a string, its escapes resolved.
    package mutating func string() throws(Failure) -> String {
        try expect("\"")
        var text: [UInt8] = []
        while true {
            let start = position
            position = bytes.plainEnd(from: position)
            text.append(contentsOf: bytes[start..<position])
            if take("\"") { break }
            guard take("\\") else {
                let found = next == nil ? "without an end" : "with a control character"
                throw error("a string \(found)")
            }
            text.append(contentsOf: String(try escape()).utf8)
        }
        guard let string = String(validating: text, as: UTF8.self) else {
            throw error("a string that is not UTF-8", .encoding)
        }
        return string
    }

    /// Passes over a string without a copy of it; its escapes and encoding are not looked at.
    mutating func skipString() throws(Failure) {
        try expect("\"")
        while true {
            position = bytes.plainEnd(from: position)
            if take("\"") { return }
            guard take("\\"), next != nil else {
                let found = next == nil ? "without an end" : "with a control character"
                throw error("a string \(found)")
            }
            advance()
        }
    }

    private mutating func escape() throws(Failure) -> Unicode.Scalar {
        guard let byte = next else { throw error("a string without an end") }
        advance()
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

    private mutating func unicodeEscape() throws(Failure) -> Unicode.Scalar {
        let first = try hexadecimal()
        var value = UInt32(first)
        if UTF16.isLeadSurrogate(first), take("\\"), take("u") {
            let second = try hexadecimal()
            guard UTF16.isTrailSurrogate(second) else { throw error("half a surrogate pair") }
            value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw error("half a surrogate pair") }
        return scalar
    }

    private mutating func hexadecimal() throws(Failure) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue
            else { throw error("an unknown escape in a string") }
            value = value << 4 | UInt16(digit)
            advance()
        }
        return value
    }
}

extension UnsafeRawBufferPointer {
    /// Where what stands for itself in a string ends. It is no part of the generic reader, which takes ten times as long:
    /// pictures are megabytes.
    fileprivate func plainEnd(from start: Int) -> Int {
        var end = start
        while end < count {
            let byte = self[end]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
            end += 1
        }
        return end
    }
}
