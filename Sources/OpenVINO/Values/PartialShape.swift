internal import COpenVINO

/// A shape that may leave sizes, or even the number of axes, open until inference.
///
/// Written as an array literal, with -1 for an open size: `[1, -1, 768]`.
public struct PartialShape: Hashable, Sendable {
    /// The axes; nil when their number is open too.
    public let dimensions: [Dimension]?

    /// A shape of these axes, outermost first; `nil` leaves even their number open.
    public init(_ dimensions: [Dimension]?) {
        self.dimensions = dimensions
    }

    /// A shape of fixed sizes.
    public init(_ shape: [Int]) {
        self.init(shape.map { Dimension($0) })
    }

    /// A shape of which nothing is known.
    public static let dynamic = PartialShape(nil as [Dimension]?)

    /// The number of axes, if it is fixed.
    package var rank: Int? { dimensions?.count }

    /// The sizes, if all are fixed.
    package var fixed: [Int]? {
        guard let dimensions else { return nil }
        let sizes = dimensions.compactMap(\.fixed)
        return sizes.count == dimensions.count ? sizes : nil
    }

    init(_ shape: ov_partial_shape_t) {
        // Not by `ov_rank_is_dynamic`, which takes a single number's rank, 0, for an open one.
        guard shape.rank.min == shape.rank.max else {
            self = .dynamic
            return
        }
        let dimensions = UnsafeBufferPointer(start: shape.dims, count: Int(shape.rank.max))
        self.init(dimensions.map { Dimension($0) })
    }
}

extension PartialShape: ExpressibleByArrayLiteral, CustomStringConvertible {
    public init(arrayLiteral elements: Dimension...) {
        self.init(elements)
    }

    /// `[1,?,768]`, or `...` when the rank is open.
    public var description: String {
        dimensions.map { "[" + $0.map(\.description).joined(separator: ",") + "]" } ?? "..."
    }
}
