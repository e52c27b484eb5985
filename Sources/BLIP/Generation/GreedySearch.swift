import Foundation

/// Takes the likeliest token at every step, for several sequences at once; finished ones leave.
///
/// Reference: transformers' `GenerationMixin._sample` without sampling.
struct GreedySearch {
    let options: GenerationOptions
    let endTokenID: Int

    /// - Parameters:
    ///   - model: holds no sequence yet.
    ///   - prompts: one a sequence, all of one length, each beginning with the begin token.
    /// - Returns: what was generated for each prompt, in their order.
    /// - Throws: what the model throws, and `CancellationError` between two steps.
    func run(_ model: inout some NextTokenModel, prompts: [[Int]]) throws -> [GeneratedTokens] {
        var sequences = prompts.map(Sequence.init)
        var running = Array(sequences.indices)
        var next = prompts
        var length = prompts.first?.count ?? 0
        while !running.isEmpty, length < options.maximumLength {
            try Task.checkCancellation()
            let logits = try model.logits(appending: next)
            next = []
            var keptRows: [Int] = []
            for (row, index) in running.enumerated() {
                let excluded = length < options.minimumLength ? endTokenID : nil
                guard let (token, logProbability) = likeliest(logits[row], excluding: excluded)
                else { continue }
                sequences[index].logProbabilities.append(logProbability)
                if token == endTokenID { continue }
                sequences[index].ids.append(token)
                next.append([token])
                keptRows.append(row)
            }
            length += 1
            if keptRows.count < running.count, !keptRows.isEmpty, length < options.maximumLength {
                try model.keepRows(keptRows)
            }
            running = keptRows.map { running[$0] }
        }
        return sequences.map(\.result)
    }

    private struct Sequence {
        var ids: [Int]
        var logProbabilities: [Float] = []

        init(prompt: [Int]) { ids = prompt }

        var result: GeneratedTokens {
            let count = Float(logProbabilities.count)
            return GeneratedTokens(
                ids: Array(ids.dropFirst()),
                score: count > 0 ? logProbabilities.reduce(0, +) / count : nil)
        }
    }
}

/// The index of the greatest logit, the first of several, and its log-probability.
///
/// - Parameter excluded: an index that may not be chosen and takes no part in the probabilities.
/// - Returns: `nil` where there is nothing to choose from.
func likeliest(_ logits: [Float], excluding excluded: Int? = nil) -> (Int, Float)? {
    var best: (index: Int, logit: Float)?
    for (index, logit) in logits.enumerated() where index != excluded {
        if best.map({ logit > $0.logit }) ?? true { best = (index, logit) }
    }
    guard let best else { return nil }
    // log softmax at the greatest logit: -log Σ exp(logit - greatest).
    var sum = 0.0
    for (index, logit) in logits.enumerated() where index != excluded {
        sum += Double(exp(logit - best.logit))
    }
    return (best.index, -Float(log(sum)))
}
