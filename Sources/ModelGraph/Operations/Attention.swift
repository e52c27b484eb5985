extension Value {
    /// Scaled dot-product attention as one operation: `softmax(q·kᵀ·scale + mask)·v`.
    ///
    /// This value is the queries, shape [batch, heads, tokens, width].
    ///
    /// `keys` and `values` have the shape [batch, heads, context, width]. `mask` is added to the
    /// scores; its shape broadcasts to [batch, heads, tokens, context]. Without a `scale` it is
    /// 1/√width.
    public func attention(
        keys: Value, values: Value, mask: Value? = nil, scale: Float? = nil,
        fileID: String = #fileID, line: Int = #line
    ) throws(GraphError) -> Value {
        guard shape.rank == 4, keys.shape.rank == 4, values.shape.rank == 4,
            shape.dimensions[3] == keys.shape.dimensions[3],
            keys.shape.dimensions[2] == values.shape.dimensions[2],
            shape.dimensions[1] == keys.shape.dimensions[1], let width = shape.dimensions[3].size
        else {
            throw GraphError(
                "Attention of queries \(shape), keys \(keys.shape), values \(values.shape)",
                fileID, line)
        }
        // The scale is the fifth input, so a mask must stand before it: zero adds nothing.
        let mask = mask ?? graph.float(0)
        let scale = graph.float(scale ?? 1 / Float(width).squareRoot())
        var dimensions = shape.dimensions
        dimensions[3] = values.shape.dimensions[3]
        return applying(
            "ScaledDotProductAttention", "opset13", [("causal", "false")],
            with: [keys, values, mask, scale], shape: Shape(dimensions))
    }
}
