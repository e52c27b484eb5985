package import BLIP
package import Foundation

/// A sensor's state that changed; as JSON the line that `blip watch` prints.
package struct CameraEvent: Codable, Sendable, Hashable {
    /// When the frame was taken that the new state was first seen in.
    package let time: Date
    package let camera: String
    package let sensor: String
    /// ``unknown`` where no answer is likely enough.
    package let state: String
    /// `nil` for the first state after the start.
    package let previous: String?
    /// Of the state, 0 to 1; `nil` where it has no meaning, as for ``unknown``.
    package let probability: Double?
    /// What was asked; `nil` for captions and for sensors that were taught.
    package let question: String?
    /// The states that were possible, likeliest first; `nil` where the words were free.
    package let ranking: [RankedState]?
    /// What the last look at it took, in milliseconds.
    package let timing: EventTiming

    /// The state of a sensor whose answers are not likely enough.
    package static let unknown = "unknown"

    package init(
        time: Date, camera: String, sensor: String, state: String, previous: String?,
        probability: Double?, question: String?, ranking: [RankedState]?, timing: EventTiming
    ) {
        self.time = time
        self.camera = camera
        self.sensor = sensor
        self.state = state
        self.previous = previous
        self.probability = probability?.shortened
        self.question = question
        self.ranking = ranking
        self.timing = timing
    }
}

extension CameraEvent {
    /// Fields without a value are `null`, not left out.
    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(time, forKey: .time)
        try values.encode(camera, forKey: .camera)
        try values.encode(sensor, forKey: .sensor)
        try values.encode(state, forKey: .state)
        try values.encode(previous, forKey: .previous)
        try values.encode(probability, forKey: .probability)
        try values.encode(question, forKey: .question)
        try values.encode(ranking, forKey: .ranking)
        try values.encode(timing, forKey: .timing)
    }
}

/// A state that a sensor may have, and how likely it is.
package struct RankedState: Codable, Sendable, Hashable {
    package let state: String
    /// 0 to 1; those of a ranking sum up to 1, but not those of texts that are matched.
    package let probability: Double

    package init(state: String, probability: Double) {
        self.state = state
        self.probability = probability.shortened
    }
}

extension Double {
    /// To four places, that lines are not longer than what they tell.
    fileprivate var shortened: Double { (self * 10_000).rounded() / 10_000 }
}

/// Milliseconds by stage.
package struct EventTiming: Codable, Sendable, Hashable {
    package let preprocess: Double
    package let vision: Double
    package let text: Double
    package let decode: Double
    package let total: Double
    /// From the frame's arrival to the event.
    package let latency: Double

    package init(_ timings: StageTimings, latency: Duration) {
        preprocess = timings.preprocess.milliseconds
        vision = timings.vision.milliseconds
        text = timings.text.milliseconds
        decode = timings.decode.milliseconds
        total = timings.total.milliseconds
        self.latency = latency.milliseconds
    }
}
