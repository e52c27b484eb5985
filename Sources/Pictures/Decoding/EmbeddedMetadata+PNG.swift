internal import CVips

extension EmbeddedMetadata {
    /// The texts and EXIF that stand after a PNG's pixels, where libvips does not look and Pillow does.
    ///
    /// libvips is shown a PNG that has them before its pixels.
    init?(afterPixelsOf png: UnsafeRawBufferPointer) {
        let metadata = LatePNGChunks.asPicture(png)?.withUnsafeBytes { bytes -> Self? in
            guard let source = vips_source_new_from_memory(bytes.baseAddress, bytes.count) else {
                return nil
            }
            defer { cvips_release_source(source) }
            guard
                let image = VipsImageReference({
                    cvips_load_png(source, &$0, VIPS_FAIL_ON_NONE)
                })
            else { return nil }
            return EmbeddedMetadata(image)
        }
        guard let metadata = metadata ?? nil else { return nil }
        self = metadata
    }
}

private enum LatePNGChunks {
    private static let kinds = ["eXIf", "tEXt", "zTXt", "iTXt"].map { Array($0.utf8) }

    /// A PNG of one pixel with those chunks before its pixels; `nil` where there are none.
    static func asPicture(_ png: UnsafeRawBufferPointer) -> [UInt8]? {
        let reader = BoundedReader(bytes: png, isBigEndian: true)
        var late: [UInt8] = []
        var isLate = false
        var start = 8
        // A chunk is its length, its kind, so many bytes and a checksum.
        while let length = reader.number(at: start, width: 4), length <= png.count - start - 12 {
            let kind = png[start + 4..<start + 8]
            if kind.elementsEqual("IDAT".utf8) {
                isLate = true
            } else if isLate, kinds.contains(where: { kind.elementsEqual($0) }) {
                late += png[start..<start + 12 + length]
            }
            start += 12 + length
        }
        return late.isEmpty ? nil : header + late + emptyPixels
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
