import BLIP

/// What one look gave.
package struct Answer: Sendable, Hashable {
    /// ``CameraEvent/unknown`` where the probability is below the threshold.
    var state: String
    /// Of the likeliest state.
    var probability: Double?
    var ranking: [RankedState]?
    var timings = StageTimings()

    /// - Parameter likeliest: what there is, best first.
    init(ranking likeliest: [RankedState], timings: StageTimings) {
        state = likeliest.first?.state ?? CameraEvent.unknown
        probability = likeliest.first?.probability
        ranking = likeliest
        self.timings = timings
    }

    init(state: String, probability: Double?, timings: StageTimings) {
        self.state = state
        self.probability = probability
        self.timings = timings
    }

    /// The same where its probability is high enough; else its state is unknown.
    func counting(from threshold: Double) -> Answer {
        guard let probability, probability < threshold else { return self }
        var answer = self
        answer.state = CameraEvent.unknown
        return answer
    }
}
