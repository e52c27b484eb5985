/// Reads whole numbers where they lie inside foreign bytes, and nothing where they do not.
struct BoundedReader {
    let bytes: UnsafeRawBufferPointer
    let isBigEndian: Bool

    /// The unsigned number of `width` bytes at `offset`; `nil` outside the bytes, and where it is
    /// larger than an `Int`.
    func number(at offset: Int, width: Int) -> Int? {
        guard offset >= 0, width <= bytes.count, offset <= bytes.count - width else { return nil }
        let digits = bytes[offset..<offset + width]
        let number = (isBigEndian ? Array(digits) : digits.reversed())
            .reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        return Int(exactly: number)
    }
}
