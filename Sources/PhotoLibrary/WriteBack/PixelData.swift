import BlipPictures

/// Whether two files have the same pixels.
enum PixelData {
    /// Of JPEGs by all bytes from the first scan on, previews and other pictures behind it included; of others by
    /// decoding both.
    static func isEqual(_ first: RawPath, _ second: RawPath) -> Bool {
        let reader = FileBytes(limit: 1 << 30) { _ in true }
        guard let first = try? reader.read(first), let second = try? reader.read(second) else {
            return false
        }
        if let scan = scanStart(first), let other = scanStart(second) {
            return first[scan...] == second[other...]
        }
        guard let picture = try? Picture(bytes: first), let other = try? Picture(bytes: second)
        else {
            return false
        }
        return picture.width == other.width && picture.height == other.height
            && picture.withUnsafeBytes { a in other.withUnsafeBytes { b in a.elementsEqual(b) } }
    }

    /// Where a JPEG's first scan begins; `nil` in other files.
    private static func scanStart(_ bytes: [UInt8]) -> Int? {
        guard bytes.starts(with: [0xFF, 0xD8]) else { return nil }
        var offset = 2
        while offset + 4 <= bytes.count {
            guard bytes[offset] == 0xFF else { return nil }
            let marker = bytes[offset + 1]
            if marker == 0xFF {
                offset += 1
                continue
            }
            if marker == 0xDA { return offset }
            offset += 2 + Int(bytes[offset + 2]) << 8 + Int(bytes[offset + 3])
        }
        return nil
    }
}
