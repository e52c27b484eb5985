// What a graph keeps from one inference to the next, and the attention operation.

extension Graph {
    /// Reads a state, which is zero at first.
    ///
    /// - Parameters:
    ///   - name: tells it from other states.
    ///   - scalarType: its element type.
    ///   - shape: all dimensions fixed.
    public func state(_ name: String, _ scalarType: ScalarType, _ shape: Shape) -> Value {
        let dimensions = shape.dimensions.map(\.description).joined(separator: ",")
        return add(
            "ReadValue", "opset6",
            attributes: [
                ("variable_id", name), ("variable_type", scalarType.name),
                ("variable_shape", dimensions),
            ], outputs: [(scalarType, shape)], called: name)[0]
    }

    /// Keeps a value as the state of that name, for the next inference.
    package func keep(_ value: Value, as name: String) {
        _ = add(
            "Assign", "opset6", attributes: [("variable_id", name)], inputs: [value],
            outputs: [(value.scalarType, value.shape)], called: name + "/assign")
    }
}

extension Value {
    /// `softmax(q·kᵀ / √width)·v` as one operation, this value being the queries.
    ///
    /// - Throws: ``GraphError`` where the three do not fit: [..., tokens, width], [..., context, width] and
    ///   [..., context, width].
    package func scaledDotProductAttention(
        keys: Value, values: Value, fileID: String = #fileID, line: Int = #line
    ) throws(GraphError) -> Value {
        guard shape.rank >= 3, keys.shape == values.shape, keys.shape.rank == shape.rank,
            keys.shape.dimensions.last == shape.dimensions.last
        else {
            throw GraphError(
                "Attention of \(shape) to \(keys.shape) and \(values.shape)", fileID, line)
        }
        return applying(
            "ScaledDotProductAttention", "opset13", [("causal", "false")], with: [keys, values],
            shape: shape)
    }
}
