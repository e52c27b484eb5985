internal import COpenVINO

/// The size of one axis: a number, or the numbers that it may take.
public struct Dimension: Hashable, Sendable {
    /// The smallest size, inclusive.
    public let lower: Int
    /// The largest size, inclusive; nil when there is no limit.
    public let upper: Int?

    /// An axis of a fixed size; any negative number means ``dynamic``, as in OpenVINO's own notation.
    public init(_ size: Int) {
        self.lower = max(0, size)
        self.upper = size < 0 ? nil : size
    }

    /// An axis whose size lies in a range.
    public init(_ range: ClosedRange<Int>) {
        self.lower = max(0, range.lowerBound)
        self.upper = max(0, range.upperBound)
    }

    /// An axis of any size, zero included.
    public static let dynamic = Dimension(-1)

    /// The size, if it is fixed.
    public var fixed: Int? { lower == upper ? lower : nil }

    init(_ dimension: ov_dimension_t) {
        // OpenVINO writes "any" as 0...-1 or -1...-1.
        let lower = Int(max(0, dimension.min))
        if dimension.max < 0 || dimension.max == .max {
            self.lower = lower
            self.upper = nil
        } else {
            self.lower = lower
            self.upper = Int(dimension.max)
        }
    }

    private init(lower: Int, upper: Int?) {
        self.lower = lower
        self.upper = upper
    }

    var cValue: ov_dimension_t {
        ov_dimension_t(min: Int64(lower), max: upper.map(Int64.init) ?? -1)
    }
}

extension Dimension: ExpressibleByIntegerLiteral, CustomStringConvertible {
    public init(integerLiteral value: Int) {
        self.init(value)
    }

    /// `4`, `?`, `2..8` or `2..`.
    public var description: String {
        switch (lower, upper) {
        case (let lower, let upper?) where lower == upper: "\(lower)"
        case (0, nil): "?"
        case (let lower, let upper): "\(lower)..\(upper.map(String.init) ?? "")"
        }
    }
}

/// A shape that may leave sizes, or even the number of axes, open until inference.
///
/// Written as an array literal, with -1 for an open size: `[1, -1, 768]`.
public struct PartialShape: Hashable, Sendable {
    /// The axes; nil when their number is open too.
    public let dimensions: [Dimension]?

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
    public var rank: Int? { dimensions?.count }

    /// The sizes, if all are fixed.
    public var fixed: [Int]? {
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
