import BLIP

/// What a sensor was taught: pictures' vectors by state, and what was learned of them.
struct TaughtSensor: Sendable, Hashable, Codable {
    struct Sample: Sendable, Hashable, Codable {
        /// The picture's name; the same again corrects it.
        let name: String
        let state: String
        let vector: [Float]
    }

    /// What of the frames was learned; `nil` for all of them.
    private(set) var region: Region?
    private(set) var samples: [Sample] = []
    private(set) var model: LogisticRegression?

    /// Whether it is what a sensor looks at now, and has no state but the sensor's.
    func fits(_ sensor: SensorConfiguration) -> Bool {
        region == sensor.region && samples.allSatisfy { sensor.hasState($0.state) }
    }

    /// Adds pictures, in place of those of the same name, and learns anew. Pictures that show another region, or a
    /// state that the sensor has no more, are forgotten.
    ///
    /// - Returns: how many those were.
    @discardableResult
    mutating func add(_ new: [Sample], of sensor: SensorConfiguration) -> Int {
        let before = samples.count
        samples.removeAll { region != sensor.region || !sensor.hasState($0.state) }
        let forgotten = before - samples.count
        region = sensor.region
        for sample in new {
            samples.removeAll { $0.name == sample.name }
            samples.append(sample)
        }
        // Vectors of another width are of another model.
        samples.removeAll { $0.vector.count != new.last?.vector.count }
        model =
            Set(samples.map(\.state)).count > 1
            ? LogisticRegression(samples.map { ($0.state, $0.vector) }) : nil
        return forgotten
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
    ///
    /// - Parameter forgotten: pictures that no longer count.
    func result(forgotten: Int = 0) -> TeachingResult {
        let counts = Dictionary(grouping: samples, by: \.state).mapValues(\.count)
        let accuracy = CrossValidation.accuracy(samples.map { ($0.state, $0.vector) })
        let warnings = [Self.notice(forgotten), Self.warning(counts, accuracy)].compactMap(\.self)
        return TeachingResult(
            pictures: counts, accuracy: accuracy,
            warning: warnings.isEmpty ? nil : warnings.joined(separator: " "))
    }

    private static func notice(_ forgotten: Int) -> String? {
        guard forgotten > 0 else { return nil }
        return
            "\(forgotten) \(forgotten == 1 ? "picture" : "pictures") of another region, or of a state that is gone, "
            + "no longer \(forgotten == 1 ? "counts" : "count")."
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

extension SensorConfiguration {
    fileprivate func hasState(_ state: String) -> Bool { states?.contains(state) == true }
}
