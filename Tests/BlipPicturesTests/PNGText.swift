/// A compressed text of a PNG, small for what it unpacks to.
enum PNGText {
    /// A zTXt chunk of the letter a, one more than a multiple of 258 times.
    static func letters(count: Int) -> [UInt8] {
        let copies = (count - 1) / 258
        var bits = Bits()
        // Deflate: a last block of fixed codes, an "a", copies of 258 bytes, the end.
        bits.append(0b011, count: 3)
        bits.append(code: 0x30 + 97, count: 8)
        for _ in 0..<copies {
            bits.append(code: 0b1100_0101, count: 8)
            bits.append(0, count: 5)
        }
        bits.append(0, count: 7)
        // Adler-32: a sum of the bytes, and a sum of those sums.
        let letters = copies * 258 + 1
        let sums = [letters + 97 * letters * (letters + 1) / 2, 1 + 97 * letters].map { $0 % 65521 }
        let body =
            Array("k\0\0".utf8) + [0x78, 0x9C] + bits.bytes
            + sums.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
        let length = (0..<4).map { UInt8(truncatingIfNeeded: body.count >> (24 - 8 * $0)) }
        let content = Array("zTXt".utf8) + body
        return length + content + checksum(content[...])
    }

    /// A chunk's CRC-32, over its kind and body.
    static func checksum(_ content: ArraySlice<UInt8>) -> [UInt8] {
        var checksum: UInt32 = 0xFFFF_FFFF
        for byte in content {
            checksum ^= UInt32(byte)
            for _ in 0..<8 {
                checksum = checksum >> 1 ^ (checksum & 1 == 0 ? 0 : 0xEDB8_8320)
            }
        }
        return (0..<4).map { UInt8(truncatingIfNeeded: ~checksum >> UInt32(24 - 8 * $0)) }
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
