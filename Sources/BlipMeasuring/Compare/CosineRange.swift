/// Cosines of vectors that two forms of a model give for the same thing.
struct CosineRange: Sendable {
    private(set) var mean = 0.0
    private(set) var lowest = 1.0
    private(set) var count = 0

    mutating func add(_ cosine: Double) {
        count += 1
        mean += (cosine - mean) / Double(count)
        lowest = min(lowest, cosine)
    }

    mutating func add(_ other: CosineRange) {
        guard other.count > 0 else { return }
        count += other.count
        mean += (other.mean - mean) * Double(other.count) / Double(count)
        lowest = min(lowest, other.lowest)
    }

    init() {}

    /// The cosines of the vectors that lie one after another in `a` and in `b`.
    init(_ a: [Float], _ b: [Float], width: Int) {
        guard width > 0, a.count == b.count else { return }
        for start in stride(from: 0, to: a.count - width + 1, by: width) {
            let range = start..<start + width
            add(Self.cosine(a[range], b[range]))
        }
    }

    /// Of vectors of which one has no length 0, or 1 where both have none.
    private static func cosine(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double {
        var (product, first, second) = (0.0, 0.0, 0.0)
        for (x, y) in zip(a, b) {
            let (x, y) = (Double(x), Double(y))
            product += x * y
            first += x * x
            second += y * y
        }
        let norm = (first * second).squareRoot()
        guard norm > 0 else { return first == second ? 1 : 0 }
        return max(-1, min(1, product / norm))
    }
}
