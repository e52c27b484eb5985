/// How near the match probabilities are that two forms of a model give.
struct MatchAgreement: Sendable {
    /// Texts that both forms take to fit, or both not to: probabilities on one side of a half.
    private(set) var sides = TextAgreement.Share()
    private(set) var meanA = 0.0
    private(set) var meanB = 0.0
    private(set) var meanDifference = 0.0
    private(set) var largestDifference = 0.0

    /// Adds the probabilities that both forms give a text and a picture.
    mutating func add(_ a: Float, _ b: Float) {
        let (a, b) = (Double(a), Double(b))
        sides.count += 1
        if (a > 0.5) == (b > 0.5) { sides.equal += 1 }
        let count = Double(sides.count)
        meanA += (a - meanA) / count
        meanB += (b - meanB) / count
        meanDifference += (abs(a - b) - meanDifference) / count
        largestDifference = max(largestDifference, abs(a - b))
    }
}
