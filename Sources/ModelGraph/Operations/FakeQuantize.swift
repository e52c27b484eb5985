extension Value {
    /// Rounds to one of evenly spaced levels from one end of a range to the other, and clamps what
    /// is outside.
    ///
    /// OpenVINO computes products of such values, where their weights are integers too, as products
    /// of integers.
    ///
    /// - Throws: ``GraphError`` for a range of no width, or fewer than two levels.
    package func fakeQuantized(
        to range: ClosedRange<Float>, levels: Int = 256, fileID: String = #fileID,
        line: Int = #line
    ) throws(GraphError) -> Value {
        guard scalarType == .f32, range.lowerBound < range.upperBound, levels >= 2 else {
            throw GraphError(
                "FakeQuantize of \(scalarType) \(shape) to \(levels) levels in \(range)", fileID,
                line)
        }
        let (low, high) = (graph.float(range.lowerBound), graph.float(range.upperBound))
        return applying(
            "FakeQuantize", "opset1", [("levels", String(levels)), ("auto_broadcast", "numpy")],
            with: [low, high, low, high], shape: shape)
    }
}
