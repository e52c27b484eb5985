package import BLIP
import BlipCommandSupport
package import BlipPictures

/// Teaches a sensor of a configuration with pictures.
package struct Teacher {
    private let sensor: SensorConfiguration
    private let state: String
    private let model: BlipModel
    private var samples: [TaughtSensor.Sample] = []

    /// - Throws: ``Failure`` where there is no such sensor, or it has no such state.
    package init(
        _ configuration: WatchConfiguration, sensor name: String, state: String, model: BlipModel
    ) throws {
        let names = configuration.sensors.map(\.name)
        guard let sensor = configuration.sensors.first(where: { $0.name == name }) else {
            throw Failure(.usage, "There is no sensor \(name); \(Self.hint(name, names))")
        }
        guard let states = sensor.states else {
            throw Failure(
                .usage,
                "\(name) has words as states, which cannot be taught; give it answers, or states to be taught."
            )
        }
        guard states.contains(state) else {
            throw Failure(.usage, "\(name) has no state \(state); \(Self.hint(state, states))")
        }
        self.sensor = sensor
        self.state = state
        self.model = model
    }

    private static func hint(_ word: String, _ words: [String]) -> String {
        word.nearest(in: words).map { "did you mean \($0)?" }
            ?? "there are \(words.joined(separator: ", "))."
    }

    /// - Parameters:
    ///   - picture: a whole frame of the camera, of which the sensor's region counts.
    ///   - name: the same again corrects it.
    package mutating func add(_ picture: Picture, name: String) async throws {
        samples.append(
            try await TaughtSensor.Sample(
                picture, name: name, state: state, sensor: sensor, model: model))
    }

    /// Learns of what was added, and writes the file.
    package func teach(_ states: inout TaughtStates) throws -> TeachingResult {
        try states.add(samples, to: sensor)
    }
}
