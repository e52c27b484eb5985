/// A picture as a vision model takes it: float channels, one after the other.
package struct PixelValues: Sendable, Hashable {
    /// `3 * height * width` numbers: all red ones row by row, then green, then blue (CHW).
    package let values: [Float]
    /// Pixels from top to bottom.
    package let height: Int
    /// Pixels from left to right.
    package let width: Int
}
