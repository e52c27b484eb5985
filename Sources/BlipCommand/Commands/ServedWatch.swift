import BLIP
import BlipCameras
import BlipCommandSupport
import BlipPictures
import BlipServer
import Foundation
import Logging
import ServiceLifecycle

/// The cameras that a server watches meanwhile, with its model.
struct ServedWatch: Service {
    let watch: CameraWatch
    private let file: URL
    private let blip: BlipModel

    /// - Throws: ``Failure`` for a configuration that is wrong or that the model cannot answer.
    init(_ path: String, model: BlipModel, metrics: Metrics, logger: Logger) async throws {
        file = URL(filePath: path)
        blip = model
        let configuration = try Watch.read(file)
        try Watch.check(configuration, with: model)
        try await Watch.checkFFmpeg(for: configuration)
        watch = CameraWatch(
            configuration, model: model, taught: try await TaughtStates(beside: file, model: model),
            metrics: metrics, logger: logger)
        await watch.add(EventSinks.sinks(for: configuration, control: watch, logger: logger))
    }

    func run() async throws {
        // Films may come to their end; the server goes on.
        await cancelWhenGracefulShutdown { await watch.run(endsWithFilms: false) }
    }

    /// Reads the configuration again.
    func reload() async throws {
        let configuration = try Watch.read(file)
        try Watch.check(configuration, with: blip)
        try await blip.prepare(for: configuration.tasks)
        await watch.reload(
            configuration, taught: try await TaughtStates(beside: file, model: blip))
    }
}

/// A watch, as the server's page wants it.
struct WatchMonitor: CameraMonitor {
    let watch: CameraWatch

    func cameras() async -> [CameraRecord] {
        await watch.cameras().map {
            CameraRecord(
                name: $0.name, title: $0.title, available: $0.isAvailable, paused: $0.isPaused,
                reason: $0.reason, lastFrame: $0.lastFrame?.eventTime, frames: $0.frames,
                restarts: $0.restarts)
        }
    }

    func sensors() async -> [SensorRecord] {
        await watch.sensors().map {
            SensorRecord(
                name: $0.name, title: $0.title, camera: $0.camera, question: $0.question,
                region: $0.region?.points.map { [$0.x, $0.y] }, state: $0.state,
                probability: $0.probability, since: $0.since?.eventTime, states: $0.states)
        }
    }

    func events() async -> [CameraEventRecord] {
        await watch.events().map {
            CameraEventRecord(
                time: $0.time.eventTime, camera: $0.camera, sensor: $0.sensor, state: $0.state,
                previous: $0.previous, probability: $0.probability)
        }
    }

    func frame(of camera: String) async -> Picture? { await watch.frame(of: camera) }

    func setPaused(_ isPaused: Bool, camera: String) async {
        await watch.setPaused(isPaused, camera: camera)
    }

    func look(at camera: String) async { await watch.askNow(camera: camera) }

    func teach(
        _ picture: Picture, name: String, sensor: String, state: String
    ) async throws -> TeachingRecord {
        do {
            let result = try await watch.teach(picture, name: name, sensor: sensor, state: state)
            return TeachingRecord(
                pictures: result.pictures, accuracy: result.accuracy, warning: result.warning)
        } catch let error as StreamError {
            throw CameraRefusal(error.description)
        } catch let error as Failure {
            throw CameraRefusal(error.description)
        }
    }

    func gauges() async -> [Metrics.Gauge] { await watch.gauges() }
}
