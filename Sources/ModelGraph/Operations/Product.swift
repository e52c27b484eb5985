// Matrix products, convolution and look-up.

extension Value {
    /// The matrix product of the last two axes; leading axes broadcast.
    ///
    /// `transposingSelf` takes this value's last two axes swapped; `transposingOther` the other's,
    /// as a linear layer's stored weight [out, in] wants it.
    public func matrixProduct(
        _ other: Value, transposingSelf: Bool = false, transposingOther: Bool = false,
        fileID: String = #fileID, line: Int = #line
    ) throws(GraphError) -> Value {
        func mistake() -> GraphError {
            GraphError(
                "Matrix product of \(shape)\(transposingSelf ? " transposed" : "") and "
                    + "\(other.shape)\(transposingOther ? " transposed" : "")", fileID, line)
        }
        guard shape.rank >= 2, other.shape.rank >= 2, scalarType == other.scalarType else {
            throw mistake()
        }
        var (rows, inner) = (shape.dimensions[shape.rank - 2], shape.dimensions[shape.rank - 1])
        if transposingSelf { swap(&rows, &inner) }
        let last = other.shape.rank - 1
        var (otherInner, columns) = (other.shape.dimensions[last - 1], other.shape.dimensions[last])
        if transposingOther { swap(&otherInner, &columns) }
        let leading = Shape.broadcast(
            Shape(shape.dimensions.dropLast(2)), Shape(other.shape.dimensions.dropLast(2)))
        guard inner == otherInner, let leading else { throw mistake() }
        return applying(
            "MatMul", "opset1",
            [
                ("transpose_a", String(transposingSelf)),
                ("transpose_b", String(transposingOther)),
            ], with: [other], shape: Shape(leading.dimensions + [rows, columns]))
    }

    /// A convolution without padding whose stride is its kernel's size, which cuts a picture into
    /// patches and projects each.
    ///
    /// `kernel` has the shape [out, in, patch, patch]; the result has [batch, out, height / patch,
    /// width / patch].
    public func patchConvolution(
        _ kernel: Value, fileID: String = #fileID, line: Int = #line
    ) throws(GraphError) -> Value {
        guard shape.rank == 4, kernel.shape.rank == 4,
            shape.dimensions[1] == kernel.shape.dimensions[1],
            let height = shape.dimensions[2].size, let width = shape.dimensions[3].size,
            let patchHeight = kernel.shape.dimensions[2].size,
            let patchWidth = kernel.shape.dimensions[3].size,
            patchHeight > 0, patchWidth > 0, height >= patchHeight, width >= patchWidth
        else {
            throw GraphError("Patch convolution of \(shape) with \(kernel.shape)", fileID, line)
        }
        return applying(
            "Convolution", "opset1",
            [
                ("strides", "\(patchHeight),\(patchWidth)"), ("dilations", "1,1"),
                ("pads_begin", "0,0"), ("pads_end", "0,0"), ("auto_pad", "valid"),
            ], with: [kernel],
            shape: [
                shape.dimensions[0], kernel.shape.dimensions[0],
                .fixed((height - patchHeight) / patchHeight + 1),
                .fixed((width - patchWidth) / patchWidth + 1),
            ])
    }

    /// Looks up entries along an axis: `axis` is replaced by the indices' axes.
    public func gathered(
        _ indices: Value, axis: Int = 0, fileID: String = #fileID, line: Int = #line
    ) throws(GraphError) -> Value {
        guard let axis = shape.axis(axis), [.i64, .i32].contains(indices.scalarType) else {
            throw GraphError(
                "Gather from \(shape) with \(indices.scalarType) indices over axis \(axis)",
                fileID, line)
        }
        var dimensions = shape.dimensions
        dimensions.replaceSubrange(axis...axis, with: indices.shape.dimensions)
        return applying(
            "Gather", "opset8", [("batch_dims", "0")], with: [indices, graph.integer(axis)],
            shape: Shape(dimensions))
    }
}
