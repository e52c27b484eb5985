/// How the activations that a product reads become 8-bit integers.
package struct QuantizedInput: Sendable, Hashable {
    /// What each channel is divided by, and each column of the weight multiplied by, before either
    /// is rounded: it moves what is hard to round from the activations into the weights.
    ///
    /// Reference: SmoothQuant (Xiao et al., 2022), equation 4 with a migration strength of one half.
    let balance: [Float]
    /// What is represented, in channels that were divided; more is clamped. Zero is one of the 256
    /// levels.
    let range: ClosedRange<Float>

    /// - Parameters:
    ///   - lowest: the least activation of each channel.
    ///   - highest: the greatest.
    ///   - weights: the largest magnitude in each column of the weight.
    /// - Returns: `nil` for activations that are all zero, or no numbers.
    package init?(lowest: [Float], highest: [Float], weights: [Float]) {
        guard lowest.count == weights.count, highest.count == weights.count else { return nil }
        balance = weights.indices.map { channel in
            let activation = max(highest[channel], -lowest[channel])
            let ratio = (activation / weights[channel]).squareRoot()
            return ratio.isNormal ? ratio : 1
        }
        let least = zip(lowest, balance).map { $0 / $1 }.min() ?? 0
        let most = zip(highest, balance).map { $0 / $1 }.max() ?? 0
        guard let range = Self.withZero(least, most) else { return nil }
        self.range = range
    }

    private init(balance: [Float], range: ClosedRange<Float>) {
        self.balance = balance
        self.range = range
    }

    /// The same with only a share of the range.
    package func narrowed(to share: Float) -> QuantizedInput {
        let range = Self.withZero(range.lowerBound * share, range.upperBound * share) ?? range
        return QuantizedInput(balance: balance, range: range)
    }

    /// The range moved by less than a step, so that zero is a level.
    private static func withZero(_ least: Float, _ most: Float) -> ClosedRange<Float>? {
        let (least, most) = (min(0, least), max(0, most))
        let step = (most - least) / 255
        guard step.isNormal else { return nil }
        let below = (-least / step).rounded()
        return -below * step...(255 - below) * step
    }
}
