/// How well states are told from pictures that were not learned from.
enum CrossValidation {
    private static let folds = 5

    /// The share of samples that are told rightly by what was learned of the others, 0 to 1.
    ///
    /// Each state's samples are spread evenly over five parts.
    ///
    /// - Returns: `nil` where a state has fewer than two samples.
    static func accuracy(_ samples: [(state: String, vector: [Float])]) -> Double? {
        var counts: [String: Int] = [:]
        let parts = samples.map { sample in
            defer { counts[sample.state, default: 0] += 1 }
            return counts[sample.state, default: 0] % folds
        }
        guard counts.count > 1, counts.values.allSatisfy({ $0 > 1 }) else { return nil }
        var right = 0
        for fold in Set(parts) {
            let learned = samples.indices.filter { parts[$0] != fold }.map { samples[$0] }
            let model = LogisticRegression(learned)
            for index in samples.indices where parts[index] == fold {
                let told = model.probabilities(of: samples[index].vector)?.enumerated()
                    .max { $0.element < $1.element }
                if told.map({ model.classes[$0.offset] }) == samples[index].state { right += 1 }
            }
        }
        return Double(right) / Double(samples.count)
    }
}
