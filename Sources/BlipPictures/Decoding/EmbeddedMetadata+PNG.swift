internal import CVips

extension EmbeddedMetadata {
    /// The last EXIF of a PNG, and the last of each text that matters, before its pixels or after them.
    /// (libvips does not look after them.)
    init(ofPNG png: UnsafeRawBufferPointer) {
        let keywords = ["Raw profile type exif", "XML:com.adobe.xmp"].map {
            Array(($0 + "\0").utf8)
        }
        let plainEXIF = "exif\0".utf8
        var exif: [UInt8]?
        var texts: [[UInt8]: Slice<UnsafeRawBufferPointer>] = [:]
        for chunk in PNGChunks(png) {
            if chunk.kind == "eXIf" {
                exif = Array(chunk.body)
            } else if chunk.kind == "tEXt", chunk.body.starts(with: plainEXIF) {
                exif = Array(chunk.body.dropFirst(plainEXIF.count))
            } else if chunk.isText,
                let keyword = keywords.first(where: { chunk.body.starts(with: $0) })
            {
                texts[keyword] = chunk.whole
            }
        }
        if texts.isEmpty { self.init() } else { self.init(pngTexts: Array(texts.values.joined())) }
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
