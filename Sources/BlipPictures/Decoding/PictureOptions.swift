/// Limits and leniency for reading a picture.
public struct PictureOptions: Sendable, Hashable {
    /// The most pixels (width × height) that are decoded; checked against the header, before any
    /// memory is taken for pixels. By default as many as Pillow opens: 179 megapixels.
    public var maximumPixels = 178_956_970
    /// Whether a JPEG of more than ``maximumPixels`` is decoded at 1/2, 1/4 or 1/8 of its sides, the
    /// first that fits, and not refused. (Progressive ones are refused all the same: their decoder
    /// holds the whole picture.)
    ///
    /// Off where strangers send pictures: the time still grows with the file's own pixels.
    public var shrinksOversizedJPEGs = true
    /// Whether HEIC, AVIF and JPEG XL are read, too, where libvips reads them; BMP; and cameras' raw photos, by
    /// the largest JPEG inside.
    ///
    /// Off where strangers send pictures.
    public var acceptsMoreFormats = false
    /// The most bytes that are read from a file.
    public var maximumBytes = 512 << 20
    /// Whether a picture that ends early is an error (the default) or gives what there is, with
    /// ``Picture/isTruncated`` set.
    public var acceptsTruncated = false

    /// How exact pixels must be.
    package enum Detail: Sendable, Hashable {
        /// Every pixel of the file: the default.
        case exact
        /// Enough to resize to at most `side` × `side` pixels afterwards. Large JPEGs are then
        /// decoded at 1/2, 1/4 or 1/8 of their size, never below twice `side`, and ``Picture/width``
        /// and ``Picture/height`` are the smaller size.
        ///
        /// Measured on seven photos of 4 to 12 megapixels at `side` 384: half the time or less, and
        /// resized pixels differ by 0.15 to 0.37 of 255 on average, by 6 at most.
        case fast(side: Int)
    }

    /// How exact pixels must be.
    package var detail = Detail.exact

    /// A size, and the filter that makes it.
    package struct Resizing: Sendable, Hashable {
        /// Pixels from left to right, 1...65,536.
        package var width: Int
        /// Pixels from top to bottom, 1...65,536; at most 100 million pixels in all.
        package var height: Int
        /// How pixels are weighed.
        package var filter: Resampling
        /// Makes a size.
        package init(width: Int, height: Int, filter: Resampling = .bicubic) {
            self.width = width
            self.height = height
            self.filter = filter
        }
    }

    /// What pictures are resized to while they are decoded, regardless of their aspect: the same bytes
    /// as ``Picture/resized(width:height:filter:)`` makes of the whole picture.
    ///
    /// The whole is then never in memory, but where it must be turned, where it loses more than twice
    /// as many rows as columns, and with the filter ``Resampling/nearest``.
    package var resizing: Resizing?

    /// Makes the default options.
    public init() {}
}
