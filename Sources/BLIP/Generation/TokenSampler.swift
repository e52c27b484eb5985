import Foundation

/// Chooses the next token: the likeliest, or one drawn by its probability.
struct TokenSampler {
    private let sampling: GenerationOptions.Sampling?
    private var generator: SplitMix64

    /// - Parameter text: which of its picture's texts it draws, each of which is drawn independently of the
    ///   others and yet the same each time.
    init(_ sampling: GenerationOptions.Sampling?, text: Int) {
        self.sampling = sampling
        let seed = sampling.map { $0.seed ?? .random(in: .min ... .max) } ?? 0
        generator = SplitMix64(seed: seed, stream: UInt64(text))
    }

    mutating func choose(from scores: [Float]) -> Int {
        guard let sampling else { return greatestIndex(scores) }
        // Less the greatest, which changes no probability, they stay numbers however low the temperature.
        let greatest = scores[greatestIndex(scores)]
        var scores = scores.map { ($0 - greatest) / sampling.temperature }
        Self.keepTopK(sampling.topK, of: &scores)
        Self.keepTopP(sampling.topP, of: &scores)
        let probabilities = logSoftmax(scores).map { Double(exp($0)) }
        let sum = probabilities.reduce(0, +)
        // Scores that no softmax can be made of leave nothing to draw.
        guard sum.isFinite, sum > 0 else { return greatestIndex(scores) }
        // Walk along the probabilities until the drawn share is used up.
        var left = Double.random(in: 0..<sum, using: &generator)
        for (token, probability) in probabilities.enumerated() where probability > 0 {
            left -= probability
            if left < 0 { return token }
        }
        return greatestIndex(scores)
    }

    /// Reference: transformers' `TopKLogitsWarper`; scores equal to the k-th stay.
    static func keepTopK(_ k: Int, of scores: inout [Float]) {
        guard k > 0, k < scores.count else { return }
        let least = scores.sorted(by: >)[k - 1]
        for index in scores.indices where scores[index] < least { scores[index] = -.infinity }
    }

    /// Reference: transformers' `TopPLogitsWarper`; the likeliest token always stays.
    static func keepTopP(_ p: Float, of scores: inout [Float]) {
        guard p < 1 else { return }
        let probabilities = logSoftmax(scores).map { exp($0) }
        let ascending = scores.indices.sorted { scores[$0] < scores[$1] }
        var sum: Float = 0
        for index in ascending.dropLast() {
            sum += probabilities[index]
            guard sum <= 1 - p else { break }
            scores[index] = -.infinity
        }
    }
}
