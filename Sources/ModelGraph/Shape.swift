/// A tensor's dimensions, outermost first.
public struct Shape: Sendable, Hashable, ExpressibleByArrayLiteral {
    /// The dimensions; none for a single number.
    public var dimensions: [Dimension]

    /// A shape of these dimensions, outermost first.
    public init(_ dimensions: [Dimension]) { self.dimensions = dimensions }
    public init(arrayLiteral elements: Dimension...) { dimensions = elements }

    /// The number of dimensions.
    public var rank: Int { dimensions.count }

    /// The number of elements, or `nil` where a dimension is dynamic or the product overflows.
    public var elementCount: Int? {
        var product = 1
        for dimension in dimensions {
            guard let size = dimension.size else { return nil }
            let (next, overflow) = product.multipliedReportingOverflow(by: size)
            if overflow { return nil }
            product = next
        }
        return product
    }

    /// Resolves an axis that may count from the end, or `nil` where it lies outside.
    func axis(_ axis: Int) -> Int? {
        let resolved = axis < 0 ? axis + rank : axis
        return dimensions.indices.contains(resolved) ? resolved : nil
    }
}

extension Shape: CustomStringConvertible {
    public var description: String {
        "[" + dimensions.map(\.description).joined(separator: ", ") + "]"
    }
}

extension Shape {
    /// The shape of an elementwise operation under NumPy's broadcasting rules, or `nil` where the
    /// two do not fit.
    static func broadcast(_ left: Shape, _ right: Shape) -> Shape? {
        let rank = max(left.rank, right.rank)
        let padded = { (shape: Shape) in
            [Dimension](repeating: .fixed(1), count: rank - shape.rank) + shape.dimensions
        }
        var result: [Dimension] = []
        for (a, b) in zip(padded(left), padded(right)) {
            guard let dimension = a.broadcast(with: b) else { return nil }
            result.append(dimension)
        }
        return Shape(result)
    }
}
