/// Base64 (RFC 4648) as programs send it: in either alphabet, with its padding or without, in lines.
enum Base64 {
    /// - Returns: `nil` for what is none, or empty.
    static func bytes(of text: some StringProtocol) -> [UInt8]? {
        // Of a picture of megabytes nothing else is made, neither its text in one line nor with padding.
        var bytes: [UInt8] = []
        let count = text.utf8.count / 4 * 3 + 3
        if count < MemoryBudget.large {
            bytes.reserveCapacity(count)
        } else {
            bytes.reserveOwnMemory()
        }
        let values = Self.values
        var (bits, bitCount, isPadded) = (0 as UInt32, 0, false)
        for character in text.utf8 {
            switch values[Int(character)] {
            case let value where value < 64:
                guard !isPadded else { return nil }
                bits = bits << 6 | UInt32(value)
                bitCount += 6
                guard bitCount >= 8 else { continue }
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> bitCount))
            case Self.space: continue
            case Self.padding: isPadded = true
            default: return nil
            }
        }
        // A single character more than whole bytes take has no meaning.
        return bytes.isEmpty || bitCount == 6 ? nil : bytes
    }

    private static let (space, padding, unknown) = (64 as UInt8, 65 as UInt8, 66 as UInt8)

    /// What each character stands for.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: unknown, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        for ends in ["+/", "-_"] {
            for (value, character) in (alphabet + ends).utf8.enumerated() {
                values[Int(character)] = UInt8(value)
            }
        }
        for character in "\t\n\r ".utf8 { values[Int(character)] = space }
        values[Int(UInt8(ascii: "="))] = padding
        return values
    }()
}
