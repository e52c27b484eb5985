/// Changes the scores of the next token by what the text has already.
///
/// Reference: the logits processors of transformers, applied in the order of
/// `GenerationMixin._get_logits_processor`.
struct LogitsProcessor {
    private let repetitionPenalty: Float
    private let noRepeatNGramSize: Int
    private let minimumLength: Int
    private let endTokenID: Int

    init(_ options: GenerationOptions, endTokenID: Int) {
        repetitionPenalty = options.repetitionPenalty
        noRepeatNGramSize = options.noRepeatNGramSize
        minimumLength = options.minimumLength
        self.endTokenID = endTokenID
    }

    /// - Parameters:
    ///   - scores: logits, or log-probabilities in a beam search, of the vocabulary's size.
    ///   - sequence: the text so far, the begin token included.
    func apply(to scores: inout [Float], after sequence: [Int]) {
        if repetitionPenalty != 1 {
            for token in Set(sequence) where scores.indices.contains(token) {
                // Whatever its sign, a score becomes smaller for a penalty above 1.
                let score = scores[token]
                scores[token] = score < 0 ? score * repetitionPenalty : score / repetitionPenalty
            }
        }
        if noRepeatNGramSize > 0 {
            for token in Self.repeatingTokens(noRepeatNGramSize, sequence)
            where scores.indices.contains(token) { scores[token] = -.infinity }
        }
        if sequence.count < minimumLength, scores.indices.contains(endTokenID) {
            scores[endTokenID] = -.infinity
        }
    }

    /// The tokens that would complete an n-gram which the sequence has already.
    private static func repeatingTokens(_ size: Int, _ sequence: [Int]) -> [Int] {
        guard sequence.count >= size else { return [] }
        let prefix = sequence.suffix(size - 1)
        return (0...(sequence.count - size)).compactMap { start in
            sequence[start..<start + size - 1].elementsEqual(prefix)
                ? sequence[start + size - 1] : nil
        }
    }
}
