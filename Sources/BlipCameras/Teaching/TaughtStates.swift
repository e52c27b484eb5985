import BLIP
import BlipCommandSupport
package import Foundation

/// What all sensors of a configuration were taught, in a file beside it: `watch.yaml` has `watch.taught.json`.
package struct TaughtStates: Sendable {
    private struct Contents: Codable {
        var model: String
        var sensors: [String: TaughtSensor]
    }

    private let file: URL
    /// Tells other models' vectors from these.
    private let model: String
    private(set) var sensors: [String: TaughtSensor]

    /// - Parameters:
    ///   - configuration: the YAML file.
    ///   - model: the fingerprint of the model's files.
    /// - Throws: ``Failure`` for a file that is damaged, or of another model.
    package init(beside configuration: URL, model: String) throws {
        file = configuration.deletingPathExtension().appendingPathExtension("taught.json")
        self.model = model
        sensors = try Self.sensors(in: file, model: model)
    }

    private static func sensors(in file: URL, model: String) throws -> [String: TaughtSensor] {
        guard FileManager.default.fileExists(atPath: file.path) else { return [:] }
        guard let data = try? Data(contentsOf: file) else {
            throw Failure(
                .usage, "\(file.path) cannot be read; check its rights, or move it away.")
        }
        guard let contents = try? JSONDecoder().decode(Contents.self, from: data) else {
            throw Failure(
                .usage, "\(file.path) is damaged; move it away, and teach the sensors again.")
        }
        guard contents.model == model else {
            throw Failure(
                .usage,
                "\(file.path) was taught with another model; run that one, or move the file away and teach "
                    + "again.")
        }
        return contents.sensors
    }

    /// Teaches a sensor, and writes the file; what it had meanwhile from others stays.
    ///
    /// - Throws: ``Failure`` where it cannot be read or written.
    mutating func add(
        _ samples: [TaughtSensor.Sample], to sensor: SensorConfiguration
    ) throws -> TeachingResult {
        // `blip watch teach` may have written it while this program watches.
        sensors = try Self.sensors(in: file, model: model)
        var taught = sensors[sensor.name] ?? TaughtSensor()
        let forgotten = taught.add(samples, of: sensor)
        sensors[sensor.name] = taught
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        do {
            let data = try encoder.encode(Contents(model: model, sensors: sensors))
            try data.write(to: file, options: .atomic)
        } catch {
            throw OutputFiles.unwritable(file)
        }
        return taught.result(forgotten: forgotten)
    }

    /// What sensors were taught that they still look at.
    func fitting(_ configurations: [SensorConfiguration]) -> [String: TaughtSensor] {
        var fitting: [String: TaughtSensor] = [:]
        for sensor in configurations {
            if let taught = sensors[sensor.name], taught.fits(sensor) {
                fitting[sensor.name] = taught
            }
        }
        return fitting
    }

    /// A sentence for each sensor that was taught something else than it looks at now.
    package func notices(_ configuration: WatchConfiguration) -> [String] {
        let fitting = fitting(configuration.sensors)
        return configuration.sensors.filter { sensors[$0.name] != nil && fitting[$0.name] == nil }
            .map {
                "\($0.name) was taught with another region or other states, and that is not used; teach it again."
            }
    }
}
