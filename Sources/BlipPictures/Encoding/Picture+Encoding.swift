internal import CVips
public import Foundation

extension Picture {
    /// Checks, before a picture is made, that ``write(to:quality:)`` will know the format and may write
    /// in the folder.
    ///
    /// - Throws: ``PictureError``, naming the file.
    package static func checkWritable(to url: URL) throws(PictureError) {
        _ = try EncodedFormat(url)
        guard FileManager.default.isWritableFile(atPath: url.deletingLastPathComponent().path)
        else { throw unwritable(url) }
    }

    /// Writes the picture as JPEG, PNG or WebP, by the file's extension (jpg, jpeg, png, webp).
    ///
    /// The file is written beside its final place and renamed, so that no half picture is ever
    /// seen there. Blocks while it encodes and writes.
    ///
    /// - Parameters:
    ///   - url: a file URL; a file that is there is replaced.
    ///   - quality: 1...100 for JPEG and WebP; PNG loses nothing.
    /// - Throws: ``PictureError``, naming the file.
    public func write(to url: URL, quality: Int = 90) throws(PictureError) {
        let format = try EncodedFormat(url)
        let data = try encoded(format, quality: quality, name: url.lastPathComponent)
        do {
            try data.write(to: url, options: .atomic)
        } catch {
            throw Self.unwritable(url, (error as? CocoaError)?.code, detail: "\(error)")
        }
    }

    private static func unwritable(
        _ url: URL, _ code: CocoaError.Code? = nil, detail: String = ""
    ) -> PictureError {
        let folder = url.deletingLastPathComponent().path
        let advice =
            switch code {
            case .fileWriteOutOfSpace: "its disk is full, so make room"
            case .fileWriteInvalidFileName: "choose a shorter or plainer name"
            case .fileWriteVolumeReadOnly: "its disk is read-only, so choose another folder"
            default:
                "check that the folder is there, that you may write in it and that its disk has room"
            }
        return PictureError(
            .unwritableFile, "\(url.lastPathComponent) cannot be written in \(folder): \(advice).",
            detail: detail)
    }

    /// The picture as the bytes of a JPEG file.
    ///
    /// - Parameter quality: 1...100.
    /// - Throws: ``PictureError`` for sides beyond 65,535 pixels.
    public func jpeg(quality: Int = 90) throws(PictureError) -> Data {
        try encoded(.jpeg, quality: quality, name: "The picture")
    }

    private func encoded(
        _ format: EncodedFormat, quality: Int, name: String
    ) throws(PictureError) -> Data {
        guard width <= format.longestSide, height <= format.longestSide else {
            throw PictureError(
                .tooLarge,
                """
                \(name) would have \(width) × \(height) pixels, and \(format.rawValue) allows sides \
                of \(format.longestSide): write a .png.
                """)
        }
        try LibVips.start()
        let quality = CInt(max(1, min(quality, 100)))
        var buffer: UnsafeMutableRawPointer?
        var length = 0
        withUnsafeBytes { pixels in
            // libvips only reads these bytes, and lets go of them before this closure ends.
            let image = VipsImageReference(
                takingOwnership: vips_image_new_from_memory(
                    pixels.baseAddress, pixels.count, CInt(width), CInt(height), 3,
                    VIPS_FORMAT_UCHAR))
            guard let image, let rgb = image.map({ cvips_tag_srgb($0, &$1) }) else { return }
            switch format {
            case .jpeg: _ = cvips_save_jpeg(rgb.pointer, &buffer, &length, quality)
            case .png: _ = cvips_save_png(rgb.pointer, &buffer, &length)
            case .webp: _ = cvips_save_webp(rgb.pointer, &buffer, &length, quality)
            }
        }
        guard let buffer else {
            throw PictureError(
                .libraryFailed,
                "\(name) cannot be encoded as \(format.rawValue): try another extension.",
                detail: LibVips.takeErrorText())
        }
        return Data(
            bytesNoCopy: buffer, count: length, deallocator: .custom { memory, _ in g_free(memory) }
        )
    }
}

/// The formats that are written.
enum EncodedFormat: String {
    case jpeg = "JPEG"
    case png = "PNG"
    case webp = "WebP"

    init(_ url: URL) throws(PictureError) {
        switch url.pathExtension.lowercased() {
        case "jpg", "jpeg": self = .jpeg
        case "png": self = .png
        case "webp": self = .webp
        default:
            throw PictureError(
                .unknownExtension,
                "\(url.lastPathComponent) does not end in .jpg, .png or .webp: name it so.")
        }
    }

    /// The longest side that the format's header can express (PNG: far beyond any picture here).
    var longestSide: Int {
        switch self {
        case .jpeg: 65_535
        case .png: Int(Int32.max)
        case .webp: 16_383
        }
    }
}
