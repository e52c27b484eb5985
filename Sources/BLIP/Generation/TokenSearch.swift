/// Generates one token after another, the likeliest or a drawn one, for several sequences at once;
/// finished ones leave.
///
/// Reference: transformers' `GenerationMixin._sample`.
struct TokenSearch {
    let options: GenerationOptions
    let endTokenID: Int
    /// Told after each step of the texts that grew: which prompt's, which of its texts, and the ids
    /// so far without the begin token.
    var progress: ((_ prompt: Int, _ text: Int, _ ids: ArraySlice<Int>) -> Void)?
    /// Asked after each step whose texts are still wanted; the others leave as finished ones do.
    var isWanted: ((_ prompt: Int) -> Bool)?

    /// - Parameters:
    ///   - model: holds no sequence yet.
    ///   - prompts: all of one length, each beginning with the begin token.
    /// - Returns: for each prompt, in their order, as many texts as the options ask for.
    /// - Throws: what the model throws, and `CancellationError` between two steps.
    func run(_ model: inout some NextTokenModel, prompts: [[Int]]) throws -> [[GeneratedTokens]] {
        let processor = LogitsProcessor(options, endTokenID: endTokenID)
        let count = options.sequenceCount
        // Each prompt's texts stand side by side, and begin with the same logits.
        let copies = prompts.indices.flatMap { [Int](repeating: $0, count: count) }
        var sequences = copies.enumerated().map { index, prompt in
            // Drawn as if the prompt were alone: a batch gives the same texts.
            Sequence(
                ids: prompts[prompt], sampler: TokenSampler(options.sampling, text: index % count))
        }
        var running = Array(sequences.indices)
        var next = prompts
        var length = prompts.first?.count ?? 0
        var isFirst = true
        while !running.isEmpty, length < options.lengthLimit {
            try Task.checkCancellation()
            var logits = try model.logits(appending: next)
            if isFirst, count > 1 {
                try model.keepRows(copies)
                logits = copies.map { logits[$0] }
            }
            isFirst = false
            next = []
            var keptRows: [Int] = []
            for (row, index) in running.enumerated() {
                let token = sequences[index].choose(from: logits[row], processor)
                if token == endTokenID { continue }
                sequences[index].ids.append(token)
                progress?(copies[index], index % count, sequences[index].ids.dropFirst())
                if isWanted?(copies[index]) == false { continue }
                next.append([token])
                keptRows.append(row)
            }
            length += 1
            if keptRows.count < running.count, !keptRows.isEmpty, length < options.lengthLimit {
                try model.keepRows(keptRows)
            }
            running = keptRows.map { running[$0] }
        }
        let results = sequences.map(\.result)
        return prompts.indices.map { Array(results[$0 * count..<($0 + 1) * count]) }
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
            GeneratedTokens(ids: Array(ids.dropFirst()), logProbabilities: logProbabilities)
        }
    }
}

extension [Float] {
    /// `nil` where there is nothing to average.
    var mean: Float? { isEmpty ? nil : reduce(0, +) / Float(count) }
}
