/// What a file says about its picture beside the pixels, as far as it tells which way up it is.
struct EmbeddedMetadata {
    /// EXIF, where the format has a place for it.
    var exif: [UInt8]?
    /// EXIF as ImageMagick writes it into a PNG's text: three lines, then hexadecimal digits.
    private var exifProfile: String?
    /// XMP, which is XML.
    var xmp: [UInt8]?

    init(
        _ image: borrowing VipsImageReference, _ format: PictureFormat,
        _ bytes: UnsafeRawBufferPointer
    ) {
        switch format {
        case .jpeg: self.init(ofJPEG: bytes)
        case .png: self.init(ofPNG: bytes)
        case .webp, .gif, .tiff, .heic, .avif, .jpegXL: self.init(image)
        case .bmp, .raw: self.init()
        }
    }

    init() {}

    init(_ image: borrowing VipsImageReference) {
        exif = image.blob(named: "exif-data")
        exifProfile = image.pngText(named: "Raw profile type exif")
        xmp = image.blob(named: "xmp-data")
    }

    /// How the picture must be turned, 1 to 8 as EXIF numbers it; 1 where nothing is said.
    ///
    /// EXIF counts before XMP, even where it says something that makes no sense: as in Pillow.
    ///
    /// - Parameter directory: a TIFF file's own.
    func orientation(directory: ImageFileDirectory? = nil) -> Int {
        let directory = directory ?? exifDirectory
        let value = directory?[.orientation].first ?? orientationOfXMP ?? 1
        return (1...8).contains(value) ? value : 1
    }

    private var exifDirectory: ImageFileDirectory? {
        exifBytes?.withUnsafeBytes { ImageFileDirectory($0) }
    }

    /// EXIF from its TIFF header on.
    var exifBytes: [UInt8]? {
        guard var bytes = exif ?? exifProfile.flatMap(Self.bytesOfProfile) else { return nil }
        // JPEG has this before the TIFF structure, and some writers have it twice.
        let prefix = Array("Exif\0\0".utf8)
        for _ in 0..<2 where bytes.starts(with: prefix) { bytes.removeFirst(prefix.count) }
        return bytes
    }

    private static func bytesOfProfile(_ text: String) -> [UInt8]? {
        let lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false).dropFirst(3)
        let digits = lines.joined().filter { !(9...13).contains($0) && $0 != 32 }
        guard digits.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).reduce(into: [UInt8]?([])) { bytes, index in
            guard let high = nibble(digits[index]), let low = nibble(digits[index + 1]) else {
                return bytes = nil
            }
            bytes?.append(high << 4 | low)
        }
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 48...57: digit - 48
        case 65...70, 97...102: (digit | 32) - 87
        default: nil
        }
    }

    /// The digit of `tiff:Orientation="6"` or `<tiff:Orientation>6</tiff:Orientation>`.
    private var orientationOfXMP: Int? {
        guard let xmp else { return nil }
        let key = Array("tiff:Orientation".utf8)
        let openings = [Array("=\"".utf8), Array(">".utf8)]
        var rest = xmp[...]
        while let start = rest.firstIndex(of: key[0]) {
            rest = rest[start...]
            if rest.starts(with: key) {
                let tail = rest.dropFirst(key.count)
                for opening in openings where tail.starts(with: opening) {
                    if let digit = tail.dropFirst(opening.count).first, (48...57).contains(digit) {
                        return Int(digit) - 48
                    }
                }
            }
            rest = rest.dropFirst()
        }
        return nil
    }
}
