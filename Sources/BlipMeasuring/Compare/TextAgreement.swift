/// How many texts of two forms of a model are the same, and how many of their tokens.
struct TextAgreement: Sendable {
    /// So many of so many.
    struct Share: Sendable {
        var equal = 0
        var count = 0

        /// 0 to 1; of nothing 1.
        var value: Double { count == 0 ? 1 : Double(equal) / Double(count) }
    }

    /// Texts whose tokens are all the same.
    private(set) var texts = Share()
    /// Of two texts' tokens those that both have in the same order, out of the longer one's: a word
    /// more does not make all that follow it different.
    private(set) var tokens = Share()

    mutating func add(_ a: [Int], _ b: [Int]) {
        texts.count += 1
        if a == b { texts.equal += 1 }
        tokens.count += max(a.count, b.count)
        tokens.equal += Self.common(a, b)
    }

    static func + (left: TextAgreement, right: TextAgreement) -> TextAgreement {
        var sum = left
        sum.texts.equal += right.texts.equal
        sum.texts.count += right.texts.count
        sum.tokens.equal += right.tokens.equal
        sum.tokens.count += right.tokens.count
        return sum
    }

    /// The length of the longest common subsequence.
    private static func common(_ a: [Int], _ b: [Int]) -> Int {
        var row = [Int](repeating: 0, count: b.count + 1)
        for token in a {
            var diagonal = 0
            for (index, other) in b.enumerated() {
                let above = row[index + 1]
                row[index + 1] = token == other ? diagonal + 1 : max(above, row[index])
                diagonal = above
            }
        }
        return row[b.count]
    }
}
