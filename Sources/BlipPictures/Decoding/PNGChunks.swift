/// The chunks of a PNG: each its body's length, its kind, its body and a checksum.
struct PNGChunks: Sequence, IteratorProtocol {
    struct Chunk {
        /// Such as "IDAT".
        let kind: String
        let body: Slice<UnsafeRawBufferPointer>
        let whole: Slice<UnsafeRawBufferPointer>

        var isText: Bool { ["tEXt", "zTXt", "iTXt"].contains(kind) }
    }

    private let reader: BoundedReader
    private var start = 8

    init(_ png: UnsafeRawBufferPointer) {
        reader = BoundedReader(bytes: png, isBigEndian: true)
    }

    mutating func next() -> Chunk? {
        guard let length = reader.number(at: start, width: 4),
            length <= reader.bytes.count - start - 12
        else { return nil }
        let whole = reader.bytes[start..<start + 12 + length]
        start = whole.endIndex
        let kind = String(decoding: whole.dropFirst(4).prefix(4), as: UTF8.self)
        return Chunk(kind: kind, body: whole.dropFirst(8).dropLast(4), whole: whole)
    }

    /// The file without its texts, where they may grow a thousandfold into too much memory: libvips
    /// unpacks a hundred of 50 MB. `nil` where they are few.
    static func withoutTexts(_ png: UnsafeRawBufferPointer) -> [UInt8]? {
        let texts = PNGChunks(png).filter(\.isText)
        guard texts.reduce(0, { $0 + $1.whole.count }) > 1 << 16 else { return nil }
        var rest = png.startIndex
        var plain: [UInt8] = []
        for text in texts {
            plain += png[rest..<text.whole.startIndex]
            rest = text.whole.endIndex
        }
        return plain + png[rest...]
    }
}
