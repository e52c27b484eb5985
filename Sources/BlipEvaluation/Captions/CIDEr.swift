import Foundation

/// CIDEr-D (Vedantam et al., 2015): how like the references a caption is, rare n-grams counting
/// more.
package enum CIDEr {
    /// The deviation, in words, of the penalty for another length.
    package static let sigma = 6.0

    /// CIDEr-D of each case, 0 to 10.
    ///
    /// Document frequencies are those of the references of the given cases, a case being a document;
    /// of one case alone the score is 0. Reference: pycocoevalcap's `CiderScorer.compute_cider`,
    /// which takes the number of bigrams for a text's length.
    package static func scores(of cases: [TokenizedCase]) -> [Double] {
        var table = WordTable()
        let counted = cases.map { item in
            (
                candidate: NGram.counts(in: table.ids(of: item.candidate)),
                references: item.references.map { NGram.counts(in: table.ids(of: $0)) }
            )
        }
        var frequencies: [NGram: Int] = [:]
        for item in counted {
            for ngram in Set(item.references.flatMap(\.keys)) {
                frequencies[ngram, default: 0] += 1
            }
        }
        let documents = log(Double(cases.count))
        return counted.map { item in
            guard !item.references.isEmpty else { return 0 }
            let candidate = Vector(item.candidate, frequencies, documents)
            let similarities = item.references.map {
                candidate.similarity(to: Vector($0, frequencies, documents))
            }
            return 10 * similarities.reduce(0, +) / Double(item.references.count)
        }
    }

    /// A text's n-grams, each weighted by how often it stands there and how rare it is (tf-idf).
    private struct Vector {
        var weights: [NGram: Double] = [:]
        /// Squares of the Euclidean length, an order of n-grams each.
        var squares = [Double](repeating: 0, count: NGram.maximumOrder)
        var bigrams = 0

        init(_ counts: [NGram: Int], _ frequencies: [NGram: Int], _ documents: Double) {
            for (ngram, count) in counts {
                let rarity = documents - log(max(1, Double(frequencies[ngram] ?? 0)))
                let weight = Double(count) * rarity
                weights[ngram] = weight
                squares[ngram.order - 1] += weight * weight
                if ngram.order == 2 { bigrams += count }
            }
        }

        /// The mean over the orders of a cosine whose matches are clipped, times the penalty.
        func similarity(to reference: Vector) -> Double {
            var products = [Double](repeating: 0, count: NGram.maximumOrder)
            for (ngram, weight) in weights {
                let other = reference.weights[ngram] ?? 0
                products[ngram.order - 1] += min(weight, other) * other
            }
            var sum = 0.0
            for order in products.indices {
                let norm = squares[order].squareRoot() * reference.squares[order].squareRoot()
                sum += norm > 0 ? products[order] / norm : products[order]
            }
            let difference = Double(bigrams - reference.bigrams)
            let penalty = exp(-difference * difference / (2 * sigma * sigma))
            return sum * penalty / Double(NGram.maximumOrder)
        }
    }
}
