import Foundation

/// An axis, and where its ticks are.
struct Axis: Sendable {
    enum Scale: Sendable { case linear, logarithmic }

    /// Evenly at 1, 2 or 5 times a power of ten, or at powers of ten.
    let ticks: [Double]
    private let scale: Scale
    /// What the axis reaches from and to.
    let range: ClosedRange<Double>
    private let decimals: Int

    /// An axis that reaches from the least to the largest value.
    ///
    /// - Parameters:
    ///   - count: about how many ticks there should be.
    ///   - isWhole: whether things are counted, which have no halves.
    init(through values: [Double], count: Int, isWhole: Bool) {
        let (least, most) = (values.min() ?? 0, values.max() ?? 1)
        self.init(least...(most > least ? most : least + 1), count, isWhole: isWhole)
    }

    /// An axis from 0 to a tick at the largest value or above it.
    init(maximum: Double) {
        let maximum = maximum.isFinite && maximum > 0 ? maximum : 1
        let step = Self.step(maximum, 5)
        // A little rounding must not add a tick.
        self.init(0...max(1, (maximum / step - 1e-9).rounded(.up)) * step, 5)
    }

    /// An axis of a logarithmic scale, from and to a power of ten.
    ///
    /// - Parameter values: all above 0.
    init(logarithmicThrough values: [Double]) {
        scale = .logarithmic
        let exponents = values.map { log10($0) }
        let first = Int((exponents.min() ?? -1).rounded(.down))
        let last = max(first + 1, Int((exponents.max() ?? 0).rounded(.up)))
        let step = max(1, (last - first) / 6)
        ticks = stride(from: first, through: last, by: step).map { pow(10, Double($0)) }
        range = pow(10, Double(first))...pow(10, Double(last))
        decimals = 0
    }

    private init(_ range: ClosedRange<Double>, _ count: Int, isWhole: Bool = false) {
        scale = .linear
        self.range = range
        let even = Self.step(range.upperBound - range.lowerBound, count)
        let step = isWhole ? max(1, even) : even
        let first = Int((range.lowerBound / step - 1e-9).rounded(.up))
        let last = Int((range.upperBound / step + 1e-9).rounded(.down))
        ticks = first <= last ? (first...last).map { Double($0) * step } : []
        decimals = max(0, -Int(floor(log10(step) + 1e-9)))
    }

    private static func step(_ length: Double, _ count: Int) -> Double {
        let rough = length / Double(max(1, count))
        let power = pow(10, floor(log10(rough)))
        return ([1, 2, 5].map { $0 * power }.first { $0 >= rough * 0.999 }) ?? 10 * power
    }

    /// 0 where the axis begins, 1 where it ends.
    func position(of value: Double) -> Double {
        let (start, end) = (place(range.lowerBound), place(range.upperBound))
        return (place(value) - start) / (end - start)
    }

    private func place(_ value: Double) -> Double {
        scale == .linear ? value : log10(value)
    }

    func text(of tick: Double) -> String {
        scale == .linear
            ? String(format: "%.\(decimals)f", tick) : powerOfTen(Int(log10(tick).rounded()))
    }
}
