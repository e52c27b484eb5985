/// One tensor of a checkpoint: what it is, and where its bytes lie.
package struct TensorEntry: Sendable, Hashable {
    /// The tensor's name, as the checkpoint has it.
    package let name: String
    /// The type of its elements, little-endian.
    package let dataType: DataType
    /// Its dimensions, outermost first; elements lie in row-major order. Empty for a scalar.
    package let shape: [Int]
    /// Where its first byte lies in ``Checkpoint/region``: always a multiple of the element's size.
    package let offset: Int
    /// The number of its bytes.
    package let byteCount: Int

    /// The number of its elements.
    package var elementCount: Int { shape.reduce(1, *) }
}
