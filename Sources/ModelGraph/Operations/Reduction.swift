// Many elements made one.

/// How elements become one.
public enum Reduction: String, Sendable {
    /// The largest.
    case maximum = "ReduceMax"
    /// The smallest.
    case minimum = "ReduceMin"
    /// The arithmetic mean.
    case mean = "ReduceMean"
}

extension Value {
    /// Reduces some axes to one element each, which keep their places with the size 1.
    ///
    /// - Throws: ``GraphError`` where there is no such axis.
    public func reduced(
        by reduction: Reduction, axes: [Int], fileID: String = #fileID, line: Int = #line
    ) throws(GraphError) -> Value {
        var dimensions = shape.dimensions
        for axis in axes {
            guard let axis = shape.axis(axis) else {
                throw GraphError("\(reduction) of \(shape) over axes \(axes)", fileID, line)
            }
            dimensions[axis] = .fixed(1)
        }
        return applying(
            reduction.rawValue, "opset1", [("keep_dims", "true")], with: [graph.integers(axes)],
            shape: Shape(dimensions))
    }
}
