/// The segments of a JPEG's header: each a marker, and so many bytes.
struct JPEGSegments: Sequence, IteratorProtocol {
    private let reader: BoundedReader
    private var start = 2

    init(_ jpeg: UnsafeRawBufferPointer) {
        reader = BoundedReader(bytes: jpeg, isBigEndian: true)
    }

    mutating func next() -> (marker: Int, body: Slice<UnsafeRawBufferPointer>)? {
        while let marker = reader.number(at: start, width: 2), marker >= 0xFF00 {
            start += 1
            // A marker may be preceded by any number of these.
            if marker == 0xFFFF { continue }
            let startOfScan = 0xFFDA
            guard marker != startOfScan, let length = reader.number(at: start + 1, width: 2),
                length >= 2, length <= reader.bytes.count - start - 1
            else { return nil }
            let body = reader.bytes[start + 3..<start + 1 + length]
            start = body.endIndex
            return (marker & 0xFF, body)
        }
        return nil
    }
}
