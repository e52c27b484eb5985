import Foundation

/// Scores a closed list of texts by how likely a language model finds each.
///
/// Reference: `rank_answer` of Salesforce's BLIP: the candidates whose first token is likeliest are
/// short-listed, and those are compared by their whole likelihood, smoothed as in training.
struct CandidateRanking {
    /// The most candidates that are scored in full.
    var shortlist = 128
    /// The share of a token's score that is the mean log-probability of the whole vocabulary, as
    /// the original's loss has it.
    var labelSmoothing: Float = 0.1

    struct Result {
        /// Index of the candidate in the given list.
        let index: Int
        /// What candidates are ordered by: the sum of the smoothed log-probabilities.
        var score: Float = 0
        /// Sum of the candidate's log-probabilities.
        var logLikelihood: Float = 0
    }

    /// - Parameters:
    ///   - model: holds no sequence yet.
    ///   - begin: the begin token.
    ///   - candidates: tokens after the begin token, the end token included; none is empty.
    /// - Returns: the short-listed candidates, best first.
    /// - Throws: what the model throws, and `CancellationError` between two steps.
    func run(
        _ model: inout some NextTokenModel, begin: Int, candidates: [[Int]]
    ) throws -> [Result] {
        let first = logSoftmax(try model.logits(appending: [[begin]])[0])
        let likely = candidates.indices.sorted { a, b in
            let (x, y) = (first[candidates[a][0]], first[candidates[b][0]])
            return x > y || (x == y && a < b)
        }
        var results = likely.prefix(shortlist).map { Result(index: $0) }
        // Rows of the model's batch: the candidates that still have tokens.
        var rows = Array(results.indices)
        try model.keepRows([Int](repeating: 0, count: rows.count))
        var logProbabilities = [[Float]](repeating: first, count: rows.count)
        var position = 0
        while true {
            for (row, result) in rows.enumerated() {
                let token = candidates[results[result].index][position]
                results[result].add(logProbabilities[row], of: token, smoothing: labelSmoothing)
            }
            position += 1
            let going = rows.indices.filter {
                position < candidates[results[rows[$0]].index].count
            }
            if going.isEmpty { break }
            try Task.checkCancellation()
            if going.count < rows.count { try model.keepRows(going) }
            rows = going.map { rows[$0] }
            let tokens = rows.map { [candidates[results[$0].index][position - 1]] }
            logProbabilities = try model.logits(appending: tokens).map(logSoftmax)
        }
        return results.sorted { $0.score > $1.score }
    }
}

extension CandidateRanking.Result {
    fileprivate mutating func add(_ logProbabilities: [Float], of token: Int, smoothing: Float) {
        let own = logProbabilities[token]
        logLikelihood += own
        let mean = logProbabilities.reduce(0.0) { $0 + Double($1) } / Double(logProbabilities.count)
        score += (1 - smoothing) * own + smoothing * Float(mean)
    }
}
