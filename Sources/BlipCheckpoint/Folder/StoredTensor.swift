/// A tensor as a file has it: checked to lie inside the file, but perhaps not in row-major order
/// and not aligned.
struct StoredTensor {
    let name: String
    let dataType: DataType
    let shape: [Int]
    /// Elements between neighbours along each dimension; `nil` for row-major order.
    let strides: [Int]?
    /// Where its first element lies in the file.
    let offset: Int
    /// Its bytes in row-major order.
    let byteCount: Int
}
