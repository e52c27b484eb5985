import Foundation

/// An axis from zero, and where its ticks are.
struct Axis: Sendable {
    /// Ticks from 0, evenly at 1, 2 or 5 times a power of ten.
    let ticks: [Double]
    /// Where the axis ends: its last tick.
    var end: Double { ticks.last ?? 1 }

    private let decimals: Int

    /// - Parameters:
    ///   - maximum: the largest value that must fit.
    ///   - count: about how many ticks there should be.
    ///   - isWhole: whether things are counted, which have no halves.
    init(maximum: Double, count: Int = 5, isWhole: Bool = false) {
        let maximum = maximum.isFinite && maximum > 0 ? maximum : 1
        let rough = maximum / Double(max(1, count))
        let power = pow(10, floor(log10(rough)))
        let even = ([1, 2, 5].map { $0 * power }.first { $0 >= rough * 0.999 }) ?? 10 * power
        let step = isWhole ? max(1, even) : even
        // A little rounding must not add a tick.
        let steps = max(1, Int((maximum / step - 1e-9).rounded(.up)))
        ticks = (0...steps).map { Double($0) * step }
        decimals = max(0, -Int(floor(log10(step) + 1e-9)))
    }

    func text(of tick: Double) -> String { String(format: "%.\(decimals)f", tick) }
}
