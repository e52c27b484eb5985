/// Limits and leniency for reading a picture.
public struct PictureOptions: Sendable, Hashable {
    /// The most pixels (width × height) that are decoded; checked against the header, before any
    /// memory is taken for pixels.
    public var maximumPixels = 100_000_000
    /// The most bytes that are read from a file.
    public var maximumBytes = 512 << 20
    /// Whether a picture that ends early is an error (the default) or gives what there is, with
    /// ``Picture/isTruncated`` set.
    public var acceptsTruncated = false

    /// Makes the default options.
    public init() {}
}
