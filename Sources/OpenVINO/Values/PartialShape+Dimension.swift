internal import COpenVINO

extension PartialShape {
    /// The size of one axis: a number, or the numbers that it may take.
    public struct Dimension: Hashable, Sendable {
        /// The smallest size, inclusive.
        package let lower: Int
        /// The largest size, inclusive; nil when there is no limit.
        package let upper: Int?

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
        package var fixed: Int? { lower == upper ? lower : nil }

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
}

extension PartialShape.Dimension: ExpressibleByIntegerLiteral, CustomStringConvertible {
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
