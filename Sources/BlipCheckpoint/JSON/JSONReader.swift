/// Reads JSON (RFC 8259) from foreign bytes, value by value, and builds no tree.
///
/// Foundation's decoder keeps one of two members with the same name and holds the whole tree in
/// memory; a checkpoint's header must have no such members, and may have 100 MB.
struct JSONReader {
    /// Deeper than any header or index: those need three levels.
    static let maximumDepth = 32

    let bytes: ByteView
    let file: String
    /// What is being read, for messages: "the header".
    let subject: String
    var position = 0
    private var depth = 0

    init(_ bytes: ByteView, file: String, subject: String) {
        self.bytes = bytes
        self.file = file
        self.subject = subject
    }

    /// Reads an object; `member` must consume the value of each name that it is given.
    mutating func object(
        _ member: (String, inout JSONReader) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        var names: Set<String> = []
        try list(from: "{", to: "}") { (reader) throws(CheckpointError) in
            let name = try reader.string()
            guard names.insert(name).inserted else {
                throw CheckpointError(
                    .duplicateName, file: reader.file,
                    "\(reader.subject) has \"\(name.quotable)\" twice", remedy: Remedy.save)
            }
            try reader.expect(":")
            try member(name, &reader)
        }
    }

    /// Reads an array; `element` must consume each of its values.
    mutating func array(
        _ element: (inout JSONReader) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        try list(from: "[", to: "]", element)
    }

    /// Reads an integer that is not negative and fits.
    mutating func integer() throws(CheckpointError) -> Int {
        skipSpace()
        let start = position
        var value = 0
        while let byte = bytes[position], let digit = byte.decimalDigit {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(digit)
            guard !overflow, !carry else { throw error("a number that is too large") }
            value = sum
            position += 1
        }
        guard position > start else { throw error("something else than a number from 0 up") }
        if position - start > 1, bytes[start] == UInt8(ascii: "0") {
            throw error("a number with a leading zero")
        }
        if let byte = bytes[position], Array(".eE".utf8).contains(byte) {
            throw error("a number that is not whole")
        }
        return value
    }

    /// Reads any value and forgets it.
    mutating func skipValue() throws(CheckpointError) {
        skipSpace()
        switch bytes[position] {
        case UInt8(ascii: "{"):
            try object { (_, reader) throws(CheckpointError) in try reader.skipValue() }
        case UInt8(ascii: "["):
            try array { (reader) throws(CheckpointError) in try reader.skipValue() }
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "t"): try literal("true")
        case UInt8(ascii: "f"): try literal("false")
        case UInt8(ascii: "n"): try literal("null")
        default: try skipNumber()
        }
    }

    /// Throws unless only white space is left.
    mutating func end() throws(CheckpointError) {
        skipSpace()
        guard position == bytes.count else { throw error("text after its end") }
    }

    func error(_ found: String) -> CheckpointError {
        CheckpointError(
            .invalidJSON, file: file, "\(subject) has \(found) at its byte \(position.grouped)")
    }

    mutating func expect(_ character: Unicode.Scalar) throws(CheckpointError) {
        skipSpace()
        guard bytes[position] == UInt8(ascii: character) else {
            throw error("\(describeNext()) in place of \"\(character)\"")
        }
        position += 1
    }

    private mutating func list(
        from open: Unicode.Scalar, to close: Unicode.Scalar,
        _ item: (inout JSONReader) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        try expect(open)
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            throw CheckpointError(
                .nestingTooDeep, file: file,
                "\(subject) is nested deeper than \(Self.maximumDepth) levels",
                remedy: Remedy.untrusted)
        }
        skipSpace()
        if bytes[position] == UInt8(ascii: close) {
            position += 1
            return
        }
        while true {
            try item(&self)
            skipSpace()
            if bytes[position] == UInt8(ascii: close) {
                position += 1
                return
            }
            try expect(",")
        }
    }

    private mutating func literal(_ text: String) throws(CheckpointError) {
        for byte in text.utf8 {
            guard bytes[position] == byte else { throw error(describeNext()) }
            position += 1
        }
    }

    private mutating func skipNumber() throws(CheckpointError) {
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let start = position
        try skipDigits()
        if position - start > 1, bytes[start] == UInt8(ascii: "0") {
            throw error("a number with a leading zero")
        }
        if bytes[position] == UInt8(ascii: ".") {
            position += 1
            try skipDigits()
        }
        if bytes[position] == UInt8(ascii: "e") || bytes[position] == UInt8(ascii: "E") {
            position += 1
            if bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            try skipDigits()
        }
    }

    private mutating func skipDigits() throws(CheckpointError) {
        guard bytes[position]?.decimalDigit != nil else { throw error(describeNext()) }
        while bytes[position]?.decimalDigit != nil { position += 1 }
    }

    private mutating func skipSpace() {
        while let byte = bytes[position], ASCII.space.contains(byte) { position += 1 }
    }

    func describeNext() -> String {
        guard let byte = bytes[position] else { return "its end" }
        let isPrintable = (0x20...0x7E).contains(byte)
        return isPrintable
            ? "\"\(Character(Unicode.Scalar(byte)))\"" : "the byte 0x\(String(byte, radix: 16))"
    }
}

extension UInt8 {
    var decimalDigit: Int? {
        (0x30...0x39).contains(self) ? Int(self) - 0x30 : nil
    }
}

/// Bytes that mean something in JSON.
enum ASCII {
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")
    static let zero = UInt8(ascii: "0")
    static let space: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
}
