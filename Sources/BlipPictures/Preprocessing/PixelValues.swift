/// A picture as a vision model takes it: float channels, one after the other.
public struct PixelValues: Sendable, Hashable {
    /// `3 * height * width` numbers: all red ones row by row, then green, then blue (CHW).
    public let values: [Float]
    /// Pixels from top to bottom.
    public let height: Int
    /// Pixels from left to right.
    public let width: Int
}
