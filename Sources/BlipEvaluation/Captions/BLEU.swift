import Foundation

/// BLEU (Papineni et al., 2002): the precision of n-grams, with a penalty for brevity.
package enum BLEU {
    /// BLEU-1 to BLEU-4 of a corpus, 0 to 1.
    ///
    /// Counts are summed over the corpus; of a case's references the one closest in length counts,
    /// the shorter of two. Reference: pycocoevalcap's `BleuScorer.compute_score(option="closest")`,
    /// whose small constants keep 0 out of the denominators.
    ///
    /// - Parameter cases: with one reference or more each; one without adds a length of 0.
    package static func scores(of cases: [TokenizedCase]) -> [Double] {
        let orders = NGram.maximumOrder
        var table = WordTable()
        var length = 0
        var referenceLength = 0
        var matched = [Int](repeating: 0, count: orders)
        var total = [Int](repeating: 0, count: orders)
        for item in cases {
            let words = table.ids(of: item.candidate)
            let references = item.references.map { table.ids(of: $0) }
            length += words.count
            referenceLength += closest(to: words.count, among: references.map(\.count))
            var allowed: [NGram: Int] = [:]
            for reference in references {
                allowed.merge(NGram.counts(in: reference), uniquingKeysWith: max)
            }
            for (ngram, count) in NGram.counts(in: words) {
                total[ngram.order - 1] += count
                matched[ngram.order - 1] += min(count, allowed[ngram] ?? 0)
            }
        }
        let small = 1e-9
        let tiny = 1e-15
        let ratio = (Double(length) + tiny) / (Double(referenceLength) + small)
        let brevity = ratio < 1 ? exp(1 - 1 / ratio) : 1
        var product = 1.0
        return (0..<orders).map { index in
            product *= (Double(matched[index]) + tiny) / (Double(total[index]) + small)
            return pow(product, 1 / Double(index + 1)) * brevity
        }
    }

    private static func closest(to length: Int, among lengths: [Int]) -> Int {
        lengths.min { (abs($0 - length), $0) < (abs($1 - length), $1) } ?? 0
    }
}
