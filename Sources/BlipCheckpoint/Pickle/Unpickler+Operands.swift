/// What follows an instruction: numbers, strings, lines.
extension Unpickler {
    mutating func operand<Integer: FixedWidthInteger & BitwiseCopyable>()
        throws(CheckpointError) -> Integer
    {
        guard let value: Integer = bytes.integer(at: position) else { throw truncated() }
        position += MemoryLayout<Integer>.size
        return value
    }

    /// A number of bytes, once that many are known to follow.
    private mutating func length<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ type: Integer.Type
    ) throws(CheckpointError) -> Int {
        let value: Integer = try operand()
        guard let length = Int(exactly: value), length >= 0 else {
            throw invalid("the impossible length \(value)")
        }
        guard length <= bytes.count - position else { throw truncated() }
        return length
    }

    mutating func readEnvelope(_ opcode: PickleOpcode) throws(CheckpointError) {
        if opcode == .frame {
            // Frames only help whoever reads from a stream; that they fit is all there is to check.
            _ = try length(UInt64.self)
            return
        }
        let version: UInt8 = try operand()
        guard version <= 5 else { throw invalid("the unknown protocol \(version)") }
    }

    mutating func pushNumber(_ opcode: PickleOpcode) throws(CheckpointError) {
        switch opcode {
        case .binInt: try push(.integer(Int(try operand() as Int32)))
        case .binInt1: try push(.integer(Int(try operand() as UInt8)))
        case .binInt2: try push(.integer(Int(try operand() as UInt16)))
        case .long1: try pushLong(try length(UInt8.self))
        case .long4: try pushLong(try length(Int32.self))
        default:
            _ = try operand() as UInt64
            try push(.skipped)
        }
    }

    private mutating func pushLong(_ count: Int) throws(CheckpointError) {
        let limit = 16
        guard count <= limit, let digits = bytes.array(at: position, count: count) else {
            throw tooLarge("bytes in one integer", limit)
        }
        position += count
        guard count <= 8 else { return try push(.bigInteger(digits)) }
        let isNegative = (digits.last ?? 0) & 0x80 != 0
        var value = isNegative ? -1 : 0
        for digit in digits.reversed() { value = value << 8 | Int(digit) }
        try push(.integer(value))
    }

    mutating func pushString(_ opcode: PickleOpcode) throws(CheckpointError) {
        let count =
            switch opcode {
            case .shortBinUnicode, .shortBinString: try length(UInt8.self)
            case .binString: try length(Int32.self)
            case .binUnicode: try length(UInt32.self)
            default: try length(UInt64.self)
            }
        guard count <= limits.bytes else { throw tooLarge("bytes", limits.bytes) }
        let content = bytes.array(at: position, count: count) ?? []
        guard let text = String(validating: content, as: UTF8.self) else {
            throw CheckpointError(
                .invalidUTF8, file: file,
                "its pickle has a string at byte \(position.grouped) that is not UTF-8")
        }
        position += count
        try push(.string(text))
    }

    mutating func skipBytes(_ opcode: PickleOpcode) throws(CheckpointError) {
        let count =
            switch opcode {
            case .shortBinBytes: try length(UInt8.self)
            case .binBytes: try length(UInt32.self)
            default: try length(UInt64.self)
            }
        position += count
        try push(.skipped)
    }

    /// Text up to the end of the line.
    mutating func line() throws(CheckpointError) -> String {
        var text: [UInt8] = []
        while true {
            let byte: UInt8 = try operand()
            if byte == 0x0A { break }
            guard text.count < Self.maximumNameLength else {
                throw tooLarge("bytes in one name", Self.maximumNameLength)
            }
            text.append(byte)
        }
        return String(decoding: text, as: UTF8.self)
    }

    private func truncated() -> CheckpointError {
        CheckpointError(
            .pickleTruncated, file: file,
            "its pickle goes on past the end of its \(bytes.count.grouped) bytes")
    }
}
