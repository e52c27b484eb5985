import Foundation

// Vectors of the vocabulary's size: logits and log-probabilities. What may not be chosen is -∞.

/// log softmax: `x - max - log Σ exp(x - max)`.
func logSoftmax(_ logits: [Float]) -> [Float] {
    guard let greatest = logits.max(), greatest.isFinite else { return logits }
    var sum = 0.0
    for logit in logits { sum += Double(exp(logit - greatest)) }
    let normalizer = Float(log(sum))
    return logits.map { $0 - greatest - normalizer }
}

/// The log-probability of one entry, without computing all others'.
func logProbability(of index: Int, in logits: [Float]) -> Float {
    guard let greatest = logits.max(), greatest.isFinite else { return -.infinity }
    var sum = 0.0
    for logit in logits { sum += Double(exp(logit - greatest)) }
    return logits[index] - greatest - Float(log(sum))
}

/// The index of the greatest entry, the first of several.
func greatestIndex(_ values: [Float]) -> Int {
    var best = 0
    for (index, value) in values.enumerated() where value > values[best] { best = index }
    return best
}
