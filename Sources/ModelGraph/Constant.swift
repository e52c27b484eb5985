/// Where a constant's bytes come from.
public enum ConstantBytes {
    /// Bytes that lie in the weights blob which the model will be read with, such as a
    /// memory-mapped checkpoint: nothing is copied.
    case inBlob(offset: Int, byteCount: Int)
    /// Bytes known now, such as a scale or a target shape.
    case literal([UInt8])
    /// Bytes made only when they are placed, such as weights cast to another type.
    case produced(byteCount: Int, make: () throws -> [UInt8])

    /// How many bytes there are; for ``produced(byteCount:make:)``, how many there will be.
    package var byteCount: Int {
        switch self {
        case .inBlob(_, let byteCount), .produced(let byteCount, _): byteCount
        case .literal(let bytes): bytes.count
        }
    }
}

/// A constant of a graph: type, shape and bytes (row-major, little-endian).
package struct Constant {
    /// The type of the elements.
    package let scalarType: ScalarType
    /// The shape; all dimensions are fixed.
    package let shape: Shape
    /// Where the bytes come from.
    package let bytes: ConstantBytes
}
