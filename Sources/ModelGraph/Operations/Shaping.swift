// Operations that move elements without computing on them.

/// One dimension of the shape that a value is reshaped to.
public enum TargetDimension: Sendable, Hashable, ExpressibleByIntegerLiteral {
    /// The size of the input's dimension in the same place.
    case kept
    /// This size, at least 1.
    case fixed(Int)

    public init(integerLiteral value: Int) { self = .fixed(value) }
}

extension Value {
    /// Gives the elements another shape.
    public func reshaped(
        _ target: [TargetDimension], fileID: String = #fileID, line: Int = #line
    ) throws(GraphError) -> Value {
        func mistake() -> GraphError {
            GraphError("Reshape of \(shape) to \(target)", fileID, line)
        }
        var dimensions: [Shape.Dimension] = []
        for (index, dimension) in target.enumerated() {
            switch dimension {
            case .fixed(let size):
                guard size > 0 else { throw mistake() }
                dimensions.append(.fixed(size))
            case .kept:
                guard shape.dimensions.indices.contains(index) else { throw mistake() }
                dimensions.append(shape.dimensions[index])
            }
        }
        // What is dynamic must be kept; what is left must have as many elements as before.
        let fixedCount = { (dimensions: [Shape.Dimension]) in
            Shape(dimensions.filter { $0.size != nil }).elementCount
        }
        let dynamic = { (dimensions: [Shape.Dimension]) in dimensions.filter { $0.size == nil } }
        guard fixedCount(dimensions) == fixedCount(shape.dimensions),
            dynamic(dimensions) == dynamic(shape.dimensions)
        else { throw mistake() }
        let pattern = target.map { if case .fixed(let size) = $0 { size } else { 0 } }
        return applying(
            "Reshape", "opset1", [("special_zero", "true")], with: [graph.integers(pattern)],
            shape: Shape(dimensions))
    }

    /// Reorders the axes: axis `i` of the result is axis `order[i]` of this value.
    public func transposed(
        _ order: [Int], fileID: String = #fileID, line: Int = #line
    ) throws(GraphError) -> Value {
        guard order.sorted() == Array(0..<shape.rank) else {
            throw GraphError("Transpose of \(shape) with the order \(order)", fileID, line)
        }
        return applying(
            "Transpose", "opset1", with: [graph.integers(order)],
            shape: Shape(order.map { shape.dimensions[$0] }))
    }

    /// Joins this value with another along an axis; every other dimension must be the same.
    public func concatenated(
        with other: Value, axis: Int, fileID: String = #fileID, line: Int = #line
    ) throws(GraphError) -> Value {
        guard let axis = shape.axis(axis), shape.rank == other.shape.rank,
            scalarType == other.scalarType,
            shape.dimensions.indices.allSatisfy({
                $0 == axis || shape.dimensions[$0] == other.shape.dimensions[$0]
            })
        else {
            throw GraphError(
                "Concatenation of \(shape) and \(other.shape) along axis \(axis)", fileID, line)
        }
        var dimensions = shape.dimensions
        switch (shape.dimensions[axis], other.shape.dimensions[axis]) {
        case (.fixed(let a), .fixed(let b)): dimensions[axis] = .fixed(a + b)
        case (let a, let b): dimensions[axis] = .named("\(a)+\(b)")
        }
        return applying(
            "Concat", "opset1", [("axis", String(axis))], with: [other], shape: Shape(dimensions))
    }

    /// Repeats this value, whose dimension 0 is 1, to the batch of another: to the size that the
    /// other's dimension 0 has when the model runs.
    public func repeated(
        toBatchOf like: Value, fileID: String = #fileID, line: Int = #line
    ) throws(GraphError) -> Value {
        guard shape.dimensions.first == .fixed(1), let batch = like.shape.dimensions.first else {
            throw GraphError("Repeating \(shape) to the batch of \(like.shape)", fileID, line)
        }
        // target = [batch of like, 1, 1, ...]; ones take this value's own sizes.
        let likeShape = like.applying(
            "ShapeOf", "opset3", [("output_type", "i64")], scalarType: .i64,
            shape: [.fixed(like.shape.rank)])
        let size = try likeShape.gathered(graph.integers([0]), fileID: fileID, line: line)
        let ones = graph.integers([Int](repeating: 1, count: shape.rank - 1))
        let target = try size.concatenated(with: ones, axis: 0, fileID: fileID, line: line)
        return applying(
            "Broadcast", "opset3", [("mode", "bidirectional")], with: [target],
            shape: Shape([batch] + shape.dimensions.dropFirst()))
    }
}
