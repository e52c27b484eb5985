package import BLIP
import BlipCommandSupport
package import Foundation

/// What all sensors of a configuration were taught, in a file beside it: `watch.yaml` has `watch.taught.json`.
package struct TaughtStates: Sendable {
    private struct Contents: Codable {
        var model: String
        /// `nil` where an older version wrote it: that fits all.
        var settings: String?
        var sensors: [String: TaughtSensor]
    }

    private let file: URL
    /// Tells other models' vectors from these.
    private let model: String
    /// Tells vectors of the same model, opened otherwise, from these.
    private let settings: String
    private(set) var sensors: [String: TaughtSensor] = [:]

    /// - Parameters:
    ///   - configuration: the YAML file.
    ///   - model: what makes the vectors.
    /// - Throws: ``Failure`` for a file that is damaged, or of another model; `BlipError` where the model's files
    ///   cannot be read any more.
    package init(beside configuration: URL, model: BlipModel) async throws {
        try self.init(
            beside: configuration, model: await model.fingerprint(),
            settings: model.encodingSettings)
    }

    /// - Parameter model: its fingerprint.
    init(beside configuration: URL, model: String, settings: EncodingSettings) throws {
        file = configuration.deletingPathExtension().appendingPathExtension("taught.json")
        self.model = model
        self.settings = "\(settings)"
        sensors = try read()
    }

    private func read() throws -> [String: TaughtSensor] {
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
        guard contents.settings ?? settings == settings else {
            throw Failure(
                .usage,
                "\(file.path) was taught with \(contents.settings ?? ""), and the model runs with \(settings); "
                    + "run it as then, or move the file away and teach again.")
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
        sensors = try read()
        var taught = sensors[sensor.name] ?? TaughtSensor()
        let forgotten = taught.add(samples, of: sensor)
        sensors[sensor.name] = taught
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        do {
            let data = try encoder.encode(
                Contents(model: model, settings: settings, sensors: sensors))
            try Draft.write(data, to: file)
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
