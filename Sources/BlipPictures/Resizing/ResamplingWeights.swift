import Foundation

/// For every pixel of one resized axis: which source pixels it is made of, and how much of each.
///
/// Weights are fixed-point numbers with ``precision`` fractional bits, so that results are the
/// same on every processor and equal to Pillow's.
struct ResamplingWeights {
    /// Fractional bits: 32, less 8 for the pixel and 2 for sums that overshoot.
    static let precision: Int32 = 32 - 8 - 2

    /// Weights a target pixel has room for.
    let stride: Int
    /// Target pixel's first source pixel.
    let first: [Int]
    /// How many source pixels follow, at least 1 and at most `stride`.
    let count: [Int]
    /// `stride` weights a target pixel.
    let weights: [Int32]

    /// - Parameters:
    ///   - source: length of the source axis in pixels, at least 1.
    ///   - target: length of the resized axis in pixels, at least 1.
    init(from source: Int, to target: Int, filter: Resampling) {
        let scale = Double(source) / Double(target)
        // Shrinking widens the filter; growing leaves it as it is.
        let widening = max(scale, 1)
        let support = filter.support * widening
        let stride = Int(support.rounded(.up)) * 2 + 1
        var first = [Int](), count = [Int]()
        var weights = [Int32](repeating: 0, count: stride * target)
        for position in 0..<target {
            let centre = (Double(position) + 0.5) * scale
            let low = max(0, Int(centre - support + 0.5))
            let high = min(source, Int(centre + support + 0.5))
            let exact = (low..<max(low, high)).map {
                filter.weight(at: (Double($0) - centre + 0.5) * (1 / widening))
            }
            // The weights that fall outside the picture are shared out among those inside.
            let sum = exact.reduce(0, +)
            for (offset, weight) in exact.enumerated() {
                let share = (sum == 0 ? weight : weight / sum) * Double(1 << Self.precision)
                weights[position * stride + offset] = Int32(share + (share < 0 ? -0.5 : 0.5))
            }
            first.append(low)
            count.append(exact.count)
        }
        self.stride = stride
        self.first = first
        self.count = count
        self.weights = weights
    }
}

/// sin(πx) / πx.
func sinc(_ x: Double) -> Double { x == 0 ? 1 : sin(x * .pi) / (x * .pi) }

func cosine(_ x: Double) -> Double { cos(x) }
