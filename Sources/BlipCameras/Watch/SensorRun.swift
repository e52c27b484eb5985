import BLIP
import Foundation

/// A sensor while it is watched: what it saw last, and its state.
struct SensorRun: Sendable {
    private(set) var configuration: SensorConfiguration
    var votes: StateVotes
    var taught: TaughtSensor?
    /// Of the last look that the model answered.
    var answer: Answer?
    var grid: BrightnessGrid?
    var vector: [Float]?
    /// When it was last looked at.
    var lastLook: Duration?
    var since: Date?
    var asked = 0
    var gatedByChange = 0
    var gatedByEmbedding = 0

    init(_ configuration: SensorConfiguration, taught: TaughtSensor?) {
        self.configuration = configuration
        self.taught = taught
        votes = StateVotes(agreeing: configuration.agreeing, of: configuration.frames)
    }

    /// Whether a frame is worth a comparison: a look in doubt is followed by the next frame.
    func isDue(at position: Duration) -> Bool {
        guard let lastLook else { return true }
        // Frames come a little early or late.
        return votes.isDoubtful || configuration.onMotion
            || position - lastLook >= configuration.every * 0.95
    }

    /// Whether the brightness gate lets a frame pass.
    func passesChange(_ grid: BrightnessGrid, at position: Duration) -> Bool {
        guard let last = self.grid, let lastLook else { return true }
        guard last.change(from: grid) >= configuration.minimumChange else { return false }
        return !configuration.onMotion || votes.isDoubtful || position - lastLook >= shortestPause
    }

    /// Whether the embedding gate lets a look pass.
    func passesEmbedding(_ vector: [Float]) -> Bool {
        guard let last = self.vector, configuration.sameCosine <= 1 else { return true }
        // Not so for `nan`, which says nothing.
        return !(LookVector.cosine(last, vector) >= configuration.sameCosine)
    }

    /// Of a sensor that looks on motion: `every` where it is less than the usual second.
    private var shortestPause: Duration { min(configuration.every, .milliseconds(500)) }

    /// Counts the last answer once more, of a look that is alike.
    mutating func repeatAnswer() -> Bool {
        guard let answer else { return false }
        return votes.add(answer.state)
    }
}
