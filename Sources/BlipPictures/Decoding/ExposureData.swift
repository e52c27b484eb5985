/// The texts of EXIF that tell of a picture and not of its pixels.
///
/// Every read is checked against the bytes.
struct ExposureData {
    private(set) var dateTaken: String?
    private(set) var imageDescription: String?

    /// Numbers of the EXIF 3.0 specification.
    private enum Tag {
        static let imageDescription = 0x010E
        static let dateChanged = 0x0132
        static let exifDirectory = 0x8769
        static let dateTaken = 0x9003
        static let dateDigitized = 0x9004
    }

    private static let ascii = 2
    private static let longest = 4096

    /// - Parameter bytes: EXIF from its TIFF header on, or a TIFF file.
    /// - Returns: `nil` where they do not begin as TIFF does.
    init?(_ bytes: UnsafeRawBufferPointer) {
        let isBigEndian: Bool
        switch (bytes.first, bytes.dropFirst().first) {
        case (0x49, 0x49): isBigEndian = false
        case (0x4D, 0x4D): isBigEndian = true
        default: return nil
        }
        let reader = BoundedReader(bytes: bytes, isBigEndian: isBigEndian)
        guard let start = reader.number(at: 4, width: 4) else { return nil }
        let main = Self.entries(reader, at: start)
        let exif = main.numbers[Tag.exifDirectory].map { Self.entries(reader, at: $0) }
        imageDescription = main.texts[Tag.imageDescription]
        dateTaken =
            exif?.texts[Tag.dateTaken] ?? exif?.texts[Tag.dateDigitized]
            ?? main.texts[Tag.dateChanged]
    }

    private static func entries(
        _ reader: BoundedReader, at start: Int
    ) -> (numbers: [Int: Int], texts: [Int: String]) {
        var numbers: [Int: Int] = [:]
        var texts: [Int: String] = [:]
        guard let count = reader.number(at: start, width: 2) else { return (numbers, texts) }
        for index in 0..<count {
            // Cannot overflow: `start` lies within the bytes.
            let entry = start + 2 + index * 12
            guard let tag = reader.number(at: entry, width: 2),
                let type = reader.number(at: entry + 2, width: 2),
                let count = reader.number(at: entry + 4, width: 4),
                let value = reader.number(at: entry + 8, width: 4)
            else { break }
            numbers[tag] = value
            guard type == ascii, count <= longest else { continue }
            if let text = text(reader, at: count <= 4 ? entry + 8 : value, count: count) {
                texts[tag] = text
            }
        }
        return (numbers, texts)
    }

    /// A text up to its zero; `nil` where it lies outside of the bytes, or has nothing but spaces.
    private static func text(_ reader: BoundedReader, at start: Int, count: Int) -> String? {
        guard start >= 0, count <= reader.bytes.count, start <= reader.bytes.count - count
        else { return nil }
        let bytes = reader.bytes[start..<start + count].prefix { $0 != 0 }
        // ASCII says the specification, UTF-8 or Latin-1 what is found.
        let text =
            String(validating: bytes, as: UTF8.self)
            ?? String(String.UnicodeScalarView(bytes.map { UnicodeScalar($0) }))
        return text.contains { !$0.isWhitespace } ? text : nil
    }
}
