import Foundation

/// Multinomial logistic regression with a penalty on its weights (ridge), fit by gradient descent.
///
/// Reference: Bishop, Pattern Recognition and Machine Learning, 4.3.4. The weights are sums of the samples, so that
/// the descent runs over products of samples: their number is small, and their width is not.
struct LogisticRegression: Sendable, Hashable, Codable {
    let classes: [String]
    /// Of each feature; what is compared is how far from the mean it is, in scales.
    private let means: [Float]
    private let scales: [Float]
    /// For each class.
    private let weights: [[Float]]
    private let biases: [Float]

    private static let penalty: Float = 0.05
    private static let steps = 300

    /// - Parameters:
    ///   - samples: two classes or more, and vectors of one width.
    init(_ samples: [(state: String, vector: [Float])]) {
        let classes = Set(samples.map(\.state)).sorted()
        let width = samples.first?.vector.count ?? 0
        let count = Float(samples.count)
        var means = [Float](repeating: 0, count: width)
        for sample in samples { Self.add(sample.vector, times: 1 / count, to: &means) }
        var squares = [Float](repeating: 0, count: width)
        for sample in samples {
            for index in 0..<width {
                let difference = sample.vector[index] - means[index]
                squares[index] += difference * difference / count
            }
        }
        // Rows have a length of about 1.
        let scales = squares.map { max(($0 * Float(width)).squareRoot(), 1e-6) }
        let rows = samples.map { Self.scaled($0.vector, means, scales) }
        let products = rows.map { row in rows.map { Self.dot(row, $0) } }

        // For each sample and class: how much of the sample the class's weights have.
        var shares = [[Float]](
            repeating: [Float](repeating: 0, count: classes.count), count: rows.count)
        var biases = [Float](repeating: 0, count: classes.count)
        let targets = samples.map { sample in classes.map { $0 == sample.state ? Float(1) : 0 } }
        // Rare classes count as much as the others.
        let sizes = targets.reduce([Float](repeating: 0, count: classes.count)) { sums, target in
            zip(sums, target).map { $0 + $1 }
        }
        let importance = targets.map { target in
            zip(target, sizes).reduce(Float(0)) { $0 + ($1.0 > 0 ? 1 / $1.1 : 0) }
                / Float(classes.count)
        }
        let rate: Float = 2
        for _ in 0..<Self.steps {
            var biasGradients = [Float](repeating: 0, count: classes.count)
            var gradients = shares
            for row in rows.indices {
                var logits = biases
                for other in rows.indices {
                    Self.add(shares[other], times: products[row][other], to: &logits)
                }
                let probabilities = Self.softmax(logits)
                for index in classes.indices {
                    let error = (probabilities[index] - targets[row][index]) * importance[row]
                    gradients[row][index] = error
                    biasGradients[index] += error
                }
            }
            for row in rows.indices {
                for index in classes.indices {
                    shares[row][index] -=
                        rate * (gradients[row][index] + Self.penalty / count * shares[row][index])
                }
            }
            Self.add(biasGradients, times: -rate / 2, to: &biases)
        }
        self.classes = classes
        self.means = means
        self.scales = scales
        self.biases = biases
        weights = classes.indices.map { index in
            var sum = [Float](repeating: 0, count: width)
            for row in rows.indices { Self.add(rows[row], times: shares[row][index], to: &sum) }
            return sum
        }
    }

    /// How likely each class is; they sum up to 1. `nil` for a vector of another width.
    func probabilities(of vector: [Float]) -> [Float]? {
        guard vector.count == means.count else { return nil }
        let row = Self.scaled(vector, means, scales)
        return Self.softmax(zip(weights, biases).map { Self.dot($0, row) + $1 })
    }

    private static func scaled(_ vector: [Float], _ means: [Float], _ scales: [Float]) -> [Float] {
        var scaled = vector
        for index in scaled.indices {
            scaled[index] = (vector[index] - means[index]) / scales[index]
        }
        return scaled
    }

    private static func dot(_ a: [Float], _ b: [Float]) -> Float {
        var sum: Float = 0
        for index in a.indices { sum += a[index] * b[index] }
        return sum
    }

    private static func add(_ a: [Float], times factor: Float, to sum: inout [Float]) {
        for index in sum.indices { sum[index] += a[index] * factor }
    }

    private static func softmax(_ logits: [Float]) -> [Float] {
        let highest = logits.max() ?? 0
        let powers = logits.map { exp($0 - highest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }
}
