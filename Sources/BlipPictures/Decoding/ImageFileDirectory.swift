/// The first directory of a TIFF file, or of EXIF data, which are made alike.
///
/// Every read is checked against the bytes: an entry that lies outside of them is left out.
struct ImageFileDirectory {
    /// The entries that are of interest, by their number in the TIFF 6.0 specification.
    enum Tag: UInt16 {
        case bitsPerSample = 258
        case compression = 259
        case photometric = 262
        case orientation = 274
        case subdirectories = 330
        case planarConfiguration = 284
        case tileWidth = 322
        case sampleFormat = 339
        case chromaSubsampling = 530
        case dngVersion = 50706
    }

    private var entries: [Tag: [Int]] = [:]

    /// An entry's numbers, eight at most; none where it is absent or no whole number.
    subscript(tag: Tag) -> [Int] { entries[tag] ?? [] }

    /// `nil` where the bytes do not begin as TIFF does.
    ///
    /// - Parameter place: where another directory than the first begins.
    init?(_ bytes: UnsafeRawBufferPointer, at place: Int? = nil) {
        let isBigEndian: Bool
        switch (bytes.first, bytes.dropFirst().first) {
        case (0x49, 0x49): isBigEndian = false
        case (0x4D, 0x4D): isBigEndian = true
        default: return nil
        }
        let reader = BoundedReader(bytes: bytes, isBigEndian: isBigEndian)
        // Some cameras write the mark in the wrong byte order.
        guard let mark = reader.number(at: 2, width: 2),
            let version = Self.marks.first(where: { $0 == mark })
        else { return nil }
        let isBig = version == 43
        let sizes = isBig ? (offset: 8, count: 8, entry: 20) : (offset: 4, count: 2, entry: 12)
        guard let start = place ?? reader.number(at: isBig ? 8 : 4, width: sizes.offset),
            start <= bytes.count,
            let count = reader.number(at: start, width: sizes.count)
        else { return }
        for index in 0..<min(count, 1 << 16) {
            // Cannot overflow: `start` lies within the bytes.
            let entry = start + sizes.count + index * sizes.entry
            guard let number = reader.number(at: entry, width: 2) else { return }
            guard let tag = Tag(rawValue: UInt16(number)),
                let type = reader.number(at: entry + 2, width: 2),
                let count = reader.number(at: entry + 4, width: sizes.offset),
                let width = Self.widths[type]
            else { continue }
            let inline = entry + 4 + sizes.offset
            let isInline = count <= sizes.offset / width
            guard let place = isInline ? inline : reader.number(at: inline, width: sizes.offset)
            else { continue }
            let numbers = (0..<min(count, 8)).compactMap {
                // An offset near the largest number does not overflow, and is out of bounds.
                reader.number(at: place &+ $0 * width, width: width)
            }
            if !numbers.isEmpty { entries[tag] = numbers }
        }
    }

    /// TIFF's, in either byte order, BigTIFF's, and those of Olympus' and Panasonic's raw photos.
    private static let marks = [42, 42 << 8, 43, 0x4F52, 0x5352, 0x55]

    /// Bytes of each type of whole number but BYTE: SHORT, LONG, their signed forms, IFD, LONG8.
    private static let widths = [3: 2, 4: 4, 6: 1, 8: 2, 9: 4, 13: 4, 16: 8]
}
