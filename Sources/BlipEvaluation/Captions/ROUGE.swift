/// ROUGE-L (Lin, 2004): how much of a text is, in order, in its references.
package enum ROUGE {
    /// The weight of recall against precision that COCO uses.
    package static let beta = 1.2

    /// ROUGE-L of each case, 0 to 1.
    ///
    /// The best precision and the best recall of all references, which may be those of two.
    /// Reference: pycocoevalcap's `Rouge.calc_score`. As there, an empty text is one empty word.
    package static func scores(of cases: [TokenizedCase]) -> [Double] {
        cases.map { score(of: $0) }
    }

    private static func score(of item: TokenizedCase) -> Double {
        let words = words(item.candidate)
        var precision = 0.0
        var recall = 0.0
        for reference in item.references.map(Self.words) {
            let common = Double(longestCommonSubsequence(words, reference))
            precision = max(precision, common / Double(words.count))
            recall = max(recall, common / Double(reference.count))
        }
        guard precision > 0, recall > 0 else { return 0 }
        let weight = beta * beta
        return (1 + weight) * precision * recall / (recall + weight * precision)
    }

    /// As bytes, since two Swift strings are also equal where only their appearance is.
    private static func words(_ tokens: [String]) -> [[UInt8]] {
        tokens.isEmpty ? [[]] : tokens.map { Array($0.utf8) }
    }

    private static func longestCommonSubsequence(_ first: [[UInt8]], _ second: [[UInt8]]) -> Int {
        var row = [Int](repeating: 0, count: second.count + 1)
        for word in first {
            var diagonal = 0
            for (column, other) in second.enumerated() {
                let above = row[column + 1]
                row[column + 1] = word == other ? diagonal + 1 : max(above, row[column])
                diagonal = above
            }
        }
        return row[second.count]
    }
}
