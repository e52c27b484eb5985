/// A camera's raw photo, which has its picture as a JPEG too, for the camera's screen: mostly as large as the
/// photo itself.
struct RawPhoto {
    /// The largest JPEG's bytes.
    let preview: UnsafeRawBufferPointer
    /// 1 to 8 as EXIF numbers it, as the photo says; `nil` where only the JPEG may say.
    let orientation: Int?

    /// Whether a TIFF file is one: pixels behind a filter of colours are not for showing.
    static func isTIFF(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let first = ImageFileDirectory(bytes) else { return false }
        let isCanon = bytes.count > 9 && bytes[8...9].elementsEqual("CR".utf8)
        if isCanon || !first[.dngVersion].isEmpty { return true }
        let inner = first[.subdirectories].compactMap { ImageFileDirectory(bytes, at: $0) }
        return ([first] + inner).contains { directory in
            directory[.photometric].contains { [32803, 34892].contains($0) }
        }
    }

    /// `nil` where there is no JPEG inside.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard let preview = Self.largestJPEG(in: bytes) else { return nil }
        self.preview = preview
        let value = Self.directory(of: bytes)?[.orientation].first
        orientation = value.flatMap { (1...8).contains($0) ? $0 : nil }
    }

    /// Formats keep it in as many places as there are makers; all begin and go on as JPEG does.
    private static func largestJPEG(in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        var best: (area: Int, start: Int)?
        var offset = 0
        while offset + 3 < bytes.count {
            // Within bounds.
            guard bytes[offset] == 0xFF, bytes[offset + 1] == 0xD8, bytes[offset + 2] == 0xFF else {
                offset += 1
                continue
            }
            if let area = area(of: UnsafeRawBufferPointer(rebasing: bytes[offset...])),
                area > best?.area ?? 0
            {
                best = (area, offset)
            }
            offset += 2
        }
        return best.map { UnsafeRawBufferPointer(rebasing: bytes[$0.start...]) }
    }

    /// Pixels of a JPEG of the common kind, of 8 bits; the raw pixels themselves may be another kind.
    private static func area(of jpeg: UnsafeRawBufferPointer) -> Int? {
        for (marker, body) in JPEGSegments(jpeg) {
            switch marker {
            case 0xC0...0xC2:
                let frame = Array(body.prefix(5))
                guard frame.count == 5, frame[0] == 8 else { return nil }
                return (Int(frame[1]) << 8 | Int(frame[2])) * (Int(frame[3]) << 8 | Int(frame[4]))
            case 0xC3, 0xC5...0xC7, 0xC9...0xCF, 0xDA: return nil
            default: continue
            }
        }
        return nil
    }

    private static func directory(of bytes: UnsafeRawBufferPointer) -> ImageFileDirectory? {
        if let directory = ImageFileDirectory(bytes) { return directory }
        // Canon's CR3, an ISO base media file, has it in a box of its own near the beginning.
        let mark = Array("CMT1".utf8)
        let head = bytes.prefix(1 << 16)
        guard bytes.dropFirst(4).starts(with: "ftyp".utf8),
            let place = head.indices.first(where: { head[$0...].starts(with: mark) })
        else { return nil }
        return ImageFileDirectory(UnsafeRawBufferPointer(rebasing: bytes[(place + mark.count)...]))
    }
}

extension PictureDecoder {
    var rawWithoutPreview: PictureError {
        PictureError(
            .unsupportedPixels,
            "\(name) is a camera's raw photo without a JPEG inside: develop it.")
    }

    func decodeRawPhoto() throws(PictureError) -> Picture {
        guard let photo = RawPhoto(bytes) else {
            throw rawWithoutPreview
        }
        return try PictureDecoder(
            bytes: photo.preview, name: name, options: options, orientation: photo.orientation
        ).decode()
    }
}
