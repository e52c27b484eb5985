/// A compressed text of a PNG, small for what it unpacks to.
enum PNGText {
    /// A zTXt chunk of zero bytes; its checksum is wrong, which for a text is no more than a warning.
    static func zeros(count: Int) -> [UInt8] {
        var bits = Bits()
        // Deflate: a last block of fixed codes, a literal 0, copies of 258 bytes, the end.
        bits.append(0b011, count: 3)
        bits.append(code: 0b0011_0000, count: 8)
        for _ in 0..<(count - 1) / 258 {
            bits.append(code: 0b1100_0101, count: 8)
            bits.append(0, count: 5)
        }
        bits.append(0, count: 7)
        // Adler-32 of zeros: the sum of bytes and 1 is 1, the sum of sums the number of bytes.
        let sums = ((count - 1) / 258 * 258 + 1) % 65521
        let body =
            Array("k\0\0".utf8) + [0x78, 0x9C] + bits.bytes
            + [UInt8(sums >> 8), UInt8(sums & 255), 0, 1]
        let length = (0..<4).map { UInt8(truncatingIfNeeded: body.count >> (24 - 8 * $0)) }
        return length + Array("zTXt".utf8) + body + [0, 0, 0, 0]
    }

    private struct Bits {
        private(set) var bytes: [UInt8] = []
        private var used = 8

        /// From the lowest bit on.
        mutating func append(_ value: Int, count: Int) {
            for index in 0..<count {
                if used == 8 {
                    bytes.append(0)
                    used = 0
                }
                bytes[bytes.count - 1] |= UInt8((value >> index) & 1) << UInt8(used)
                used += 1
            }
        }

        /// A Huffman code: from the highest bit on.
        mutating func append(code: Int, count: Int) {
            for index in (0..<count).reversed() { append(code >> index, count: 1) }
        }
    }
}
