/// Reads the packed tables: numbers in base 36 with single spaces between them.
struct PackedNumbers: IteratorProtocol {
    private var bytes: String.UTF8View.Iterator

    init(_ text: String) {
        bytes = text.utf8.makeIterator()
    }

    mutating func next() -> UInt32? {
        var number: UInt32?
        while let byte = bytes.next(), byte != UInt8(ascii: " ") {
            let digit = byte >= UInt8(ascii: "a") ? byte - UInt8(ascii: "a") + 10 : byte & 15
            number = (number ?? 0) * 36 + UInt32(digit)
        }
        return number
    }

    /// The next run, written as its distance from the end of the one before and its length.
    mutating func run(after end: inout UInt32) -> Range<UInt32>? {
        guard let gap = next(), let length = next() else { return nil }
        let start = end + gap
        end = start + length
        return start..<end
    }
}
