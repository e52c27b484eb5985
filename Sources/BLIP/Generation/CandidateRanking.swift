import Foundation

/// Scores closed lists of texts by how likely a language model finds each.
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
    ///   - lists: the candidates of each of the model's contexts: tokens after the begin token, the end token
    ///     included; none is empty.
    /// - Returns: each list's short-listed candidates, best first.
    /// - Throws: what the model throws, and `CancellationError` between two steps.
    func run(
        _ model: inout some NextTokenModel, begin: Int, lists: [[[Int]]]
    ) throws -> [[Result]] {
        let first = try model.logits(appending: lists.map { _ in [begin] }).map(logSoftmax)
        var results = zip(lists, first).map { candidates, first in
            let likely = candidates.indices.sorted { a, b in
                let (x, y) = (first[candidates[a][0]], first[candidates[b][0]])
                return x > y || (x == y && a < b)
            }
            return likely.prefix(shortlist).map { Result(index: $0) }
        }
        // Rows of the model's batch: the candidates that still have tokens.
        var rows = results.indices.flatMap { list in
            results[list].indices.map { Row(list: list, place: $0) }
        }
        let candidate = { (row: Row, results: [[Result]]) in
            lists[row.list][results[row.list][row.place].index]
        }
        try model.keepRows(rows.map(\.list))
        var logProbabilities = rows.map { first[$0.list] }
        var position = 0
        while true {
            for (row, logProbabilities) in zip(rows, logProbabilities) {
                let token = candidate(row, results)[position]
                results[row.list][row.place].add(
                    logProbabilities, of: token, smoothing: labelSmoothing)
            }
            position += 1
            let going = rows.indices.filter { position < candidate(rows[$0], results).count }
            if going.isEmpty { break }
            try Task.checkCancellation()
            if going.count < rows.count { try model.keepRows(going) }
            rows = going.map { rows[$0] }
            let tokens = rows.map { [candidate($0, results)[position - 1]] }
            logProbabilities = try model.logits(appending: tokens).map(logSoftmax)
        }
        return results.map { $0.sorted { $0.score > $1.score } }
    }

    /// A candidate that is scored: its list, and its place among those on that list's short list.
    private struct Row {
        let list: Int
        let place: Int
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
