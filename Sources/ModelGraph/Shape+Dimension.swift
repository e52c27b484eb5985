extension Shape {
    /// One dimension of a tensor: a number, or a named size that is only known when the model runs.
    ///
    /// Names make dynamic sizes comparable: `"batch"` equals `"batch"`, and two different names in one
    /// elementwise operation are a mistake that is found while the graph is built.
    public enum Dimension: Sendable, Hashable, ExpressibleByIntegerLiteral,
        ExpressibleByStringLiteral
    {
        /// A size that is known while the graph is built.
        case fixed(Int)
        /// A size that is known when the model runs; equal names are equal sizes.
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
}

extension Shape.Dimension: CustomStringConvertible {
    public var description: String {
        switch self {
        case .fixed(let size): String(size)
        case .named(let name): name
        case .oneOr(let name): "1|\(name)"
        }
    }
}

extension Shape.Dimension {
    /// The size that two dimensions broadcast to, or `nil` where they do not fit.
    func broadcast(with other: Self) -> Self? {
        switch (self, other) {
        case _ where self == other, (_, .fixed(1)): self
        case (.fixed(1), _): other
        case (.named(let a), .oneOr(let b)) where a == b: self
        case (.oneOr(let a), .named(let b)) where a == b: other
        default: nil
        }
    }
}
