/// One tensor of a checkpoint: what it is, and where its bytes lie.
public struct TensorEntry: Sendable, Hashable {
    /// The tensor's name, as the checkpoint has it.
    public let name: String
    /// The type of its elements, little-endian.
    public let dataType: DataType
    /// Its dimensions, outermost first; elements lie in row-major order. Empty for a scalar.
    public let shape: [Int]
    /// Where its first byte lies in ``Checkpoint/region``: always a multiple of the element's size.
    public let offset: Int
    /// The number of its bytes.
    public let byteCount: Int

    /// The number of its elements.
    public var elementCount: Int { shape.reduce(1, *) }
}
