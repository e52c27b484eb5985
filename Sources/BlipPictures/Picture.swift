/// An upright picture in memory: 8-bit RGB, rows from top to bottom, three bytes a pixel.
///
/// Pixels are what Pillow's `ImageOps.exif_transpose(Image.open(path)).convert("RGB")` gives:
/// alpha is dropped, 16 bits become 8 by their high byte, grey is repeated, CMYK is converted by
/// `(255 - ink) * (255 - black) / 255`, and colour profiles are ignored. A transparent pixel has the
/// colour that the file gives it.
///
/// A value is cheap to copy (copies share the pixels, which never change) and may cross threads.
public struct Picture: Sendable {
    /// Pixels from left to right, at least 1.
    public let width: Int
    /// Pixels from top to bottom, at least 1.
    public let height: Int
    /// Whether the file ended early, so that the lower part is grey or black. Only ever true
    /// where ``PictureOptions/acceptsTruncated`` allowed it.
    public let isTruncated: Bool

    let storage: PixelStorage

    init(width: Int, height: Int, storage: PixelStorage, isTruncated: Bool = false) {
        self.width = width
        self.height = height
        self.storage = storage
        self.isTruncated = isTruncated
    }

    /// Makes a picture of pixels.
    ///
    /// - Parameters:
    ///   - width: pixels from left to right, at least 1.
    ///   - height: pixels from top to bottom, at least 1.
    ///   - rgb: `3 * width * height` bytes, row by row.
    /// - Throws: ``PictureError`` where the numbers do not fit together.
    public init(width: Int, height: Int, rgb: [UInt8]) throws(PictureError) {
        let (area, overflow) = width.multipliedReportingOverflow(by: height)
        guard width > 0, height > 0, !overflow, rgb.count.isMultiple(of: 3), rgb.count / 3 == area
        else {
            throw PictureError(
                .damaged,
                """
                \(rgb.count) bytes do not make a picture of \(width) × \(height) pixels: pass 3 \
                bytes a pixel, and at least one pixel.
                """)
        }
        self.init(width: width, height: height, storage: PixelStorage(copying: rgb))
    }

    /// The pixels, copied: `3 * width * height` bytes, row by row.
    public var rgb: [UInt8] { storage.withUnsafeBytes { Array($0) } }

    /// Calls `body` with the pixels, `3 * width * height` bytes, valid during the call only.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try storage.withUnsafeBytes(body)
    }
}
