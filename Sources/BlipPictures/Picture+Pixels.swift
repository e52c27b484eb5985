public import Foundation

extension Picture {
    /// How the bytes of a pixel lie in memory, 8 bits a channel.
    public enum PixelFormat: Sendable, Hashable, CaseIterable {
        /// Red, green and blue.
        case rgb
        /// Alpha is dropped: a transparent pixel has the colour that it gives.
        case rgba
        /// As cameras and screens have it on Apple's systems and Windows.
        case bgra
        /// One channel, of all three colours.
        case grey

        /// Bytes a pixel.
        package var byteCount: Int {
            switch self {
            case .rgb: 3
            case .rgba, .bgra: 4
            case .grey: 1
            }
        }

        /// Where red, green and blue are.
        fileprivate var offsets: (red: Int, green: Int, blue: Int) {
            switch self {
            case .rgb, .rgba: (0, 1, 2)
            case .bgra: (2, 1, 0)
            case .grey: (0, 0, 0)
            }
        }
    }

    /// Makes a picture of pixels in memory, which are copied.
    ///
    /// ```swift
    /// let picture = try Picture(width: 640, height: 480, format: .bgra, bytesPerRow: 2_560, bytes: frame)
    /// ```
    ///
    /// - Parameters:
    ///   - width: pixels from left to right, at least 1.
    ///   - height: pixels from top to bottom, at least 1.
    ///   - format: how a pixel's bytes lie.
    ///   - bytesPerRow: from one row's start to the next one's; `nil` where no bytes lie between rows.
    ///   - bytes: row by row; behind the last pixel there may be more.
    /// - Throws: ``PictureError`` where the numbers do not fit together.
    public init(
        width: Int, height: Int, format: PixelFormat, bytesPerRow: Int? = nil,
        bytes: UnsafeRawBufferPointer
    ) throws(PictureError) {
        let (rowBytes, isWide) = width.multipliedReportingOverflow(by: format.byteCount)
        let stride = bytesPerRow ?? rowBytes
        let (above, isHigh) = stride.multipliedReportingOverflow(by: max(0, height &- 1))
        guard width > 0, height > 0, !isWide, !isHigh, stride >= rowBytes, above <= bytes.count,
            rowBytes <= bytes.count - above
        else {
            throw PictureError(
                .damaged,
                """
                \(bytes.count) bytes in rows of \(stride) do not make a picture of \(width) × \(height) \
                pixels: pass \(format.byteCount) bytes a pixel, and at least one pixel.
                """)
        }
        let (red, green, blue) = format.offsets
        let storage = PixelStorage(count: 3 * width * height) { pixels in
            var target = 0
            for row in 0..<height {
                for column in 0..<width {
                    let source = row * stride + column * format.byteCount
                    pixels[target] = bytes[source + red]
                    pixels[target + 1] = bytes[source + green]
                    pixels[target + 2] = bytes[source + blue]
                    target += 3
                }
            }
        }
        self.init(width: width, height: height, storage: storage)
    }

    /// Makes a picture of pixels in memory, which are copied; as
    /// ``init(width:height:format:bytesPerRow:bytes:)-(_,_,_,_,UnsafeRawBufferPointer)``.
    public init(
        width: Int, height: Int, format: PixelFormat, bytesPerRow: Int? = nil, bytes: Data
    ) throws(PictureError) {
        self = try Array(bytes).withUnsafeBufferPointer { (buffer) throws(PictureError) in
            try Picture(
                width: width, height: height, format: format, bytesPerRow: bytesPerRow,
                bytes: UnsafeRawBufferPointer(buffer))
        }
    }
}
