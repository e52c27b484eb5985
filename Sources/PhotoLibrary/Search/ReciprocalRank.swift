/// Joins orders of the same things: 1 / (60 + rank), added up.
enum ReciprocalRank {
    private static let constant = 60.0

    /// The best first; of equal ones the smaller number.
    static func join(_ lists: [[Int64]]) -> [(id: Int64, score: Double)] {
        var scores: [Int64: Double] = [:]
        for list in lists {
            for (rank, id) in list.enumerated() {
                scores[id, default: 0] += 1 / (constant + Double(rank + 1))
            }
        }
        return scores.map { (id: $0.key, score: $0.value) }
            .sorted { ($1.score, $0.id) < ($0.score, $1.id) }
    }
}
