import BLIP
import BlipDemoModel
import BlipPictures
import Foundation
import Logging
import Synchronization
import Testing

@testable import BlipCameras

/// The demo model, and a folder of the samples in place of a camera.
@Suite struct WatchTests {
    private static let samples = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Samples")

    private final class Heard: EventSink {
        private let state = Mutex<
            (events: [CameraEvent], availability: [CameraAvailability.State])
        >(([], []))
        var events: [CameraEvent] { state.withLock { $0.events } }
        var availability: [CameraAvailability.State] { state.withLock { $0.availability } }
        func send(_ event: CameraEvent, picture: EventPicture) async {
            state.withLock { $0.events.append(event) }
        }
        func send(_ availability: CameraAvailability) async {
            state.withLock { $0.availability.append(availability.state) }
        }
    }

    /// Frames of which each stays for three.
    private func folder(_ names: [String]) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "watch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (index, name) in names.enumerated() {
            for copy in 0..<3 {
                try FileManager.default.copyItem(
                    at: Self.samples.appending(path: "\(name).png"),
                    to: folder.appending(path: "\(index)-\(copy).png"))
            }
        }
        return folder
    }

    private func configuration(_ folder: URL) throws -> WatchConfiguration {
        var camera = try CameraConfiguration(
            name: "yard", source: folder.path, kind: nil, folder: folder)
        camera.isFast = true
        var dogs = SensorConfiguration(
            name: "dogs", camera: "yard", question: .yesNo("are there dogs?"))
        var count = SensorConfiguration(
            name: "count", camera: "yard", question: .number("how many objects are there?"))
        dogs.every = .zero
        count.every = .zero
        var configuration = WatchConfiguration()
        configuration.cameras = [camera]
        configuration.sensors = [dogs, count]
        return configuration
    }

    @Test func eachChangeIsToldOnce() async throws {
        let folder = try folder(["four-dogs", "three-pigs", "four-dogs"])
        defer { try? FileManager.default.removeItem(at: folder) }
        let model = try BlipModel(folder: DemoModel.folder)
        let heard = Heard()
        let watch = CameraWatch(
            try configuration(folder), model: model, logger: Logger(label: "test"))
        await watch.add([heard])
        await watch.run()
        let dogs = heard.events.filter { $0.sensor == "dogs" }
        #expect(dogs.map(\.state) == ["yes", "no", "yes"])
        #expect(dogs.map(\.previous) == [nil, "yes", "no"])
        #expect(heard.events.filter { $0.sensor == "count" }.map(\.state) == ["4", "3", "4"])
        #expect(heard.availability == [.available, .ended])
        // Of three frames alike one is asked about.
        let sensor = try #require(await watch.sensors().first)
        #expect(sensor.asked == 3 && sensor.gatedByChange == 6)
        #expect(await watch.cameras().first?.frames == 9)
        let line = try #require(try dogs.first?.jsonLine())
        #expect(line.contains("\"previous\":null") && line.contains("\"sensor\":\"dogs\""))
    }

    @Test func whatWasTaughtAnswers() async throws {
        let folder = try folder(["four-dogs", "three-pigs"])
        defer { try? FileManager.default.removeItem(at: folder) }
        let model = try BlipModel(folder: DemoModel.folder)
        var configuration = try configuration(folder)
        configuration.sensors = [
            SensorConfiguration(
                name: "animal", camera: "yard", question: .taught(["canine", "swine"]))
        ]
        configuration.sensors[0].every = .zero
        configuration.file = folder.appending(path: "watch.yaml")
        let file = folder.appending(path: "watch.yaml")
        var states = try await TaughtStates(beside: file, model: model)
        for (state, name) in [("canine", "four-dogs"), ("swine", "three-pigs")] {
            var teacher = try Teacher(configuration, sensor: "animal", state: state, model: model)
            let picture = try Picture(contentsOf: Self.samples.appending(path: "\(name).png"))
            try await teacher.add(picture, name: name)
            _ = try teacher.teach(&states)
        }
        let heard = Heard()
        let watch = CameraWatch(
            configuration, model: model,
            taught: try await TaughtStates(beside: file, model: model),
            logger: Logger(label: "test"))
        await watch.add([heard])
        await watch.run()
        #expect(heard.events.map(\.state) == ["canine", "swine"])
        let (own, settings) = (try await model.fingerprint(), model.encodingSettings)
        let smaller = EncodingSettings(imageSize: 64)
        let rounded = EncodingSettings(imageSize: settings.imageSize, weights: .int8)
        for (fingerprint, other, reason) in [
            ("another", settings, "with another model"),
            (own, smaller, "with \(settings), and the model runs with \(smaller);"),
            (own, rounded, "with \(settings), and the model runs with \(rounded);"),
        ] {
            let error = #expect(throws: (any Error).self) {
                try TaughtStates(beside: file, model: fingerprint, settings: other)
            }
            #expect(error.map { "\($0)" }?.contains(reason) == true)
        }
        #expect(throws: (any Error).self) {
            try Teacher(configuration, sensor: "animal", state: "cat", model: model)
        }
    }

    @Test func aQuestionThatIsTooLongIsToldBeforeTheStart() throws {
        var configuration = WatchConfiguration()
        configuration.sensors = [
            SensorConfiguration(
                name: "long", camera: "yard",
                question: .yesNo("is it " + String(repeating: "very ", count: 2_000) + "red?"))
        ]
        let model = try BlipModel(folder: DemoModel.folder)
        #expect(throws: ConfigurationProblems.self) { try configuration.check(with: model) }
    }
}
