internal import CVips

extension EmbeddedMetadata {
    /// What a PNG says where libvips does not look and Pillow does: in texts after its pixels, and in
    /// EXIF chunks after them, or of a form that libpng leaves out.
    init(ofPNG png: UnsafeRawBufferPointer) {
        let reader = BoundedReader(bytes: png, isBigEndian: true)
        var exif: [UInt8]?
        var lateTexts: [UInt8] = []
        var isLate = false
        var start = 8
        // A chunk is its length, its kind, so many bytes and a checksum.
        while let length = reader.number(at: start, width: 4), length <= png.count - start - 12 {
            let chunk = png[start..<start + 12 + length]
            switch String(decoding: chunk.dropFirst(4).prefix(4), as: UTF8.self) {
            case "IDAT": isLate = true
            case "eXIf": exif = Array(chunk.dropFirst(8).dropLast(4))
            case "tEXt" where chunk.dropFirst(8).starts(with: "exif\0".utf8):
                exif = Array(chunk.dropFirst(13).dropLast(4))
            case "tEXt", "zTXt", "iTXt": if isLate { lateTexts += chunk }
            default: break
            }
            start += chunk.count
        }
        if !lateTexts.isEmpty { self.init(pngTexts: lateTexts) } else { self.init() }
        self.exif = exif
    }

    /// Has libvips read the texts, from a PNG of one pixel that has them before it.
    private init(pngTexts texts: [UInt8]) {
        self = (Self.header + texts + Self.emptyPixels).withUnsafeBytes { bytes in
            guard let source = vips_source_new_from_memory(bytes.baseAddress, bytes.count) else {
                return Self()
            }
            defer { cvips_release_source(source) }
            let image = VipsImageReference { cvips_load_png(source, &$0, VIPS_FAIL_ON_NONE) }
            guard let image else { return Self() }
            return Self(image)
        }
    }

    /// The signature and an IHDR chunk: 1 × 1 pixel, 8-bit grey.
    private static let header: [UInt8] = [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52,
        0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0x3A, 0x7E, 0x9B, 0x55,
    ]
    /// An IDAT chunk without bytes: a header ends where one begins.
    private static let emptyPixels: [UInt8] = [
        0, 0, 0, 0, 0x49, 0x44, 0x41, 0x54, 0x35, 0xAF, 0x06, 0x1E,
    ]
}
