import BLIP

/// What a sensor was taught: pictures' vectors by state, and what was learned of them.
struct TaughtSensor: Sendable, Hashable, Codable {
    struct Sample: Sendable, Hashable, Codable {
        /// The picture's name; the same again corrects it.
        let name: String
        let state: String
        let vector: [Float]
    }

    private(set) var samples: [Sample] = []
    private(set) var model: LogisticRegression?

    /// Adds pictures, in place of those of the same name, and learns anew.
    mutating func add(_ new: [Sample]) {
        for sample in new {
            samples.removeAll { $0.name == sample.name }
            samples.append(sample)
        }
        // Vectors of another width are of another model.
        samples.removeAll { $0.vector.count != new.last?.vector.count }
        model =
            Set(samples.map(\.state)).count > 1
            ? LogisticRegression(samples.map { ($0.state, $0.vector) }) : nil
    }

    /// `nil` before two states were taught, and for a vector of another model.
    func answer(_ vector: [Float]) -> Answer? {
        guard let model, let probabilities = model.probabilities(of: vector) else { return nil }
        let states = zip(model.classes, probabilities)
            .map { RankedState(state: $0, probability: Double($1)) }
            .sorted { $0.probability > $1.probability }
        return Answer(ranking: states, timings: .init())
    }

    /// How many pictures there are, how well they tell the states, and what is poor.
    var result: TeachingResult {
        let counts = Dictionary(grouping: samples, by: \.state).mapValues(\.count)
        let accuracy = CrossValidation.accuracy(samples.map { ($0.state, $0.vector) })
        return TeachingResult(
            pictures: counts, accuracy: accuracy, warning: Self.warning(counts, accuracy))
    }

    private static func warning(_ counts: [String: Int], _ accuracy: Double?) -> String? {
        if counts.count < 2 { return "There is one state only; teach another, and it is used." }
        if let few = counts.min(by: { ($0.value, $0.key) < ($1.value, $1.key) }), few.value < 5 {
            return "\(few.key) has \(few.value) pictures; give five or more, of day and of night."
        }
        if let accuracy, accuracy < 0.9 {
            return "That is poor; give more pictures, or a region that shows less beside the thing."
        }
        return nil
    }
}
