/// The formats that are read, told by their first bytes and never by the file's name.
enum PictureFormat: String {
    case jpeg = "JPEG"
    case png = "PNG"
    case webp = "WebP"
    case gif = "GIF"
    case tiff = "TIFF"
    // Only where they are asked for: their decoders are younger, or see less scrutiny.
    case heic = "HEIC"
    case avif = "AVIF"
    case jpegXL = "JPEG XL"
    case bmp = "BMP"
    /// A camera's raw photo, of which the JPEG inside is read.
    case raw = "RAW"

    static let list = "JPEG, PNG, WebP, GIF or TIFF"

    /// Whether its decoder turns pictures; what EXIF says of it besides does not count.
    var isTurnedByDecoder: Bool { [.heic, .avif, .jpegXL].contains(self) }

    /// What the web calls it.
    var mediaType: String {
        switch self {
        case .jpeg: "image/jpeg"
        case .png: "image/png"
        case .webp: "image/webp"
        case .gif: "image/gif"
        case .tiff: "image/tiff"
        case .heic: "image/heic"
        case .avif: "image/avif"
        case .jpegXL: "image/jxl"
        case .bmp: "image/bmp"
        case .raw: "application/octet-stream"
        }
    }

    /// - Parameter more: whether the formats are told, too, that are read only where they are asked for.
    init?(sniffing bytes: some Collection<UInt8>, more: Bool) {
        if let format = Self(sniffing: bytes)
            ?? (more ? ForeignFormat(sniffing: bytes)?.format : nil)
        {
            self = format
        } else {
            return nil
        }
    }

    init?(sniffing bytes: some Collection<UInt8>) {
        func has(_ signature: [UInt8], at offset: Int = 0) -> Bool {
            bytes.dropFirst(offset).starts(with: signature)
        }
        if has([0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if has(Array("RIFF".utf8)), has(Array("WEBP".utf8), at: 8) {
            self = .webp
        } else if has(Array("GIF87a".utf8)) || has(Array("GIF89a".utf8)) {
            self = .gif
        } else if Self.tiffSignatures.contains(where: { has($0) }) {
            self = .tiff
        } else {
            return nil
        }
    }

    /// Either byte order, classic (42) and with 64-bit offsets (43).
    private static let tiffSignatures: [[UInt8]] = [
        [0x49, 0x49, 42, 0], [0x4D, 0x4D, 0, 42], [0x49, 0x49, 43, 0], [0x4D, 0x4D, 0, 43],
    ]
}
