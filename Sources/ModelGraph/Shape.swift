/// One dimension of a tensor: a number, or a named size that is only known when the model runs.
///
/// Names make dynamic sizes comparable: `"batch"` equals `"batch"`, and two different names in one
/// elementwise operation are a mistake that is found while the graph is built.
public enum Dimension: Sendable, Hashable, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    case fixed(Int)
    case named(String)
    /// At run time either 1 or the named size, as one picture's states are that many rows share.
    case oneOr(String)

    public init(integerLiteral value: Int) { self = .fixed(value) }
    public init(stringLiteral value: String) { self = .named(value) }

    /// The size, or `nil` for a dimension that is only known at run time.
    public var size: Int? {
        if case .fixed(let size) = self { size } else { nil }
    }
}

extension Dimension: CustomStringConvertible {
    public var description: String {
        switch self {
        case .fixed(let size): String(size)
        case .named(let name): name
        case .oneOr(let name): "1|\(name)"
        }
    }
}

/// A tensor's dimensions, outermost first.
public struct Shape: Sendable, Hashable, ExpressibleByArrayLiteral {
    public var dimensions: [Dimension]

    public init(_ dimensions: [Dimension]) { self.dimensions = dimensions }
    public init(arrayLiteral elements: Dimension...) { dimensions = elements }

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

extension Dimension {
    /// The size that two dimensions broadcast to, or `nil` where they do not fit.
    fileprivate func broadcast(with other: Dimension) -> Dimension? {
        switch (self, other) {
        case _ where self == other, (_, .fixed(1)): self
        case (.fixed(1), _): other
        case (.named(let a), .oneOr(let b)) where a == b: self
        case (.oneOr(let a), .named(let b)) where a == b: other
        default: nil
        }
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
