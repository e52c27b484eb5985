/// What was measured several times.
struct Spread: Encodable, Sendable {
    let median: Double
    let fastest: Double
    let slowest: Double
    /// How many times it was measured.
    let runs: Int

    /// The slowest as a multiple of the fastest.
    var ratio: Double { slowest / fastest }

    /// - Parameters:
    ///   - values: one or more; none are 0.
    ///   - moreIsFaster: whether these are rates, not times.
    init(_ values: [Double], moreIsFaster: Bool = false) {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        median =
            sorted.count.isMultiple(of: 2)
            ? sorted[max(0, middle - 1)..<min(sorted.count, middle + 1)].reduce(0, +) / 2
            : sorted[middle]
        let least = sorted.first ?? 0
        let most = sorted.last ?? 0
        fastest = moreIsFaster ? most : least
        slowest = moreIsFaster ? least : most
        runs = sorted.count
    }
}
