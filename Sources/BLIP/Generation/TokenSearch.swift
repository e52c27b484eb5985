/// Generates one token after another, the likeliest or a drawn one, for several sequences at once;
/// finished ones leave.
///
/// Reference: transformers' `GenerationMixin._sample`.
struct TokenSearch {
    let options: GenerationOptions
    let endTokenID: Int

    /// - Parameters:
    ///   - model: holds no sequence yet.
    ///   - prompts: one a sequence, all of one length, each beginning with the begin token.
    /// - Returns: what was generated for each prompt, in their order.
    /// - Throws: what the model throws, and `CancellationError` between two steps.
    func run(_ model: inout some NextTokenModel, prompts: [[Int]]) throws -> [GeneratedTokens] {
        let processor = LogitsProcessor(options, endTokenID: endTokenID)
        var sequences = prompts.enumerated().map { index, prompt in
            Sequence(
                ids: prompt, sampler: TokenSampler(options.sampling, stream: index))
        }
        var running = Array(sequences.indices)
        var next = prompts
        var length = prompts.first?.count ?? 0
        while !running.isEmpty, length < options.maximumLength {
            try Task.checkCancellation()
            let logits = try model.logits(appending: next)
            next = []
            var keptRows: [Int] = []
            for (row, index) in running.enumerated() {
                let token = sequences[index].choose(from: logits[row], processor)
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
        var sampler: TokenSampler
        var logProbabilities: [Float] = []

        mutating func choose(from logits: [Float], _ processor: LogitsProcessor) -> Int {
            var scores = logits
            processor.apply(to: &scores, after: ids)
            let token = sampler.choose(from: scores)
            logProbabilities.append(logProbability(of: token, in: logits))
            return token
        }

        var result: GeneratedTokens {
            GeneratedTokens(ids: Array(ids.dropFirst()), score: logProbabilities.mean)
        }
    }
}

extension [Float] {
    /// `nil` where there is nothing to average.
    var mean: Float? { isEmpty ? nil : reduce(0, +) / Float(count) }
}
