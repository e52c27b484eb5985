// Elementwise arithmetic with NumPy's broadcasting, and comparisons.

extension Value {
    /// `self + other`, elementwise; shapes broadcast as NumPy's do.
    ///
    /// - Throws: ``GraphError`` where types differ or shapes do not broadcast.
    public func adding(
        _ other: Value, fileID: String = #fileID, line: Int = #line
    ) throws(GraphError) -> Value {
        try elementwise("Add", other, fileID, line)
    }

    /// `self - other`, elementwise; shapes broadcast as NumPy's do.
    ///
    /// - Throws: ``GraphError`` where types differ or shapes do not broadcast.
    public func subtracting(
        _ other: Value, fileID: String = #fileID, line: Int = #line
    ) throws(GraphError) -> Value {
        try elementwise("Subtract", other, fileID, line)
    }

    /// `self * other`, elementwise; shapes broadcast as NumPy's do.
    ///
    /// - Throws: ``GraphError`` where types differ or shapes do not broadcast.
    public func multiplied(
        by other: Value, fileID: String = #fileID, line: Int = #line
    ) throws(GraphError) -> Value {
        try elementwise("Multiply", other, fileID, line)
    }

    private func elementwise(
        _ type: String, _ other: Value, _ fileID: String, _ line: Int
    ) throws(GraphError) -> Value {
        guard scalarType == other.scalarType else {
            throw GraphError(
                "\(type) of \(scalarType) and \(other.scalarType): convert one first", fileID, line)
        }
        guard let shape = Shape.broadcast(shape, other.shape) else {
            throw GraphError(
                "\(type) of shapes \(self.shape) and \(other.shape), which do not broadcast",
                fileID, line)
        }
        return applying(
            type, "opset1", [("auto_broadcast", "numpy")], with: [other], shape: shape)
    }

    /// Converts to another element type.
    public func converted(to type: ScalarType) -> Value {
        type == scalarType
            ? self
            : applying(
                "Convert", "opset1", [("destination_type", type.name)], scalarType: type,
                shape: shape)
    }

    /// Widens stored weights to `type` and tells OpenVINO that they may stay narrow in memory.
    public func decompressed(to type: ScalarType) -> Value {
        type == scalarType
            ? self
            : applying(
                "Convert", "opset1", [("destination_type", type.name)], scalarType: type,
                shape: shape, isDecompression: true)
    }
}

extension Value {
    /// Multiplies every element by a number.
    package func scaled(
        by factor: Float, fileID: String = #fileID, line: Int = #line
    ) throws(GraphError) -> Value {
        try multiplied(by: graph.float(factor), fileID: fileID, line: line)
    }
}
