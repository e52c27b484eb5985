package import BLIP
import BlipCommandSupport
package import BlipPictures
import Foundation
package import Logging

/// Watches cameras: one model for all, a task for each.
package actor CameraWatch: WatchControl {
    package private(set) var configuration: WatchConfiguration
    private let model: BlipModel
    private let metrics: Metrics
    private let logger: Logger
    private var taught: TaughtStates?
    private var sinks: [any EventSink] = []
    /// By camera; each with what ends it.
    private var runs: [String: (run: CameraRun, task: Task<Void, Never>)] = [:]
    private var lastEvents: [CameraEvent] = []
    private var waiter: CheckedContinuation<Void, Never>?

    private static let keptEvents = 300

    /// - Parameters:
    ///   - configuration: checked; see ``check(_:with:)``.
    ///   - model: what answers.
    ///   - taught: what sensors were taught; `nil` without a file.
    ///   - metrics: what is counted into.
    ///   - logger: told of streams that come and go.
    package init(
        _ configuration: WatchConfiguration, model: BlipModel, taught: TaughtStates? = nil,
        metrics: Metrics = Metrics(), logger: Logger
    ) {
        self.configuration = configuration
        self.model = model
        self.taught = taught
        self.metrics = metrics
        self.logger = logger
    }

    /// Has events go there; before ``run()``.
    package func add(_ sinks: [any EventSink]) { self.sinks += sinks }

    /// Watches until all films have ended or the task is cancelled.
    ///
    /// - Parameter endsWithFilms: `false` to watch on after them: others may come by ``reload(_:taught:)``.
    package func run(endsWithFilms: Bool = true) async {
        self.endsWithFilms = endsWithFilms
        await withTaskGroup { group in
            for sink in sinks { group.addTask { await sink.run() } }
            if let file = configuration.metricsFile {
                group.addTask { await self.writeMetrics(to: file) }
            }
            await start(configuration)
            await waitForEnd()
            for (_, task) in runs.values { task.cancel() }
            for (_, task) in runs.values { await task.value }
            for sink in sinks { await sink.finish() }
            group.cancelAll()
        }
    }

    /// Takes another configuration: cameras that are as they were keep their stream, and sensors their state.
    package func reload(_ new: WatchConfiguration, taught: TaughtStates?) async {
        configuration = new
        self.taught = taught
        await start(new)
        for sink in sinks { await sink.reload(new) }
    }

    private func start(_ configuration: WatchConfiguration) async {
        var paused: Set<String> = []
        for (name, entry) in runs where !configuration.cameras.contains(entry.run.camera) {
            entry.task.cancel()
            // A camera that is set anew stays paused.
            if await entry.run.status.isPaused { paused.insert(name) }
            guard runs[name]?.run === entry.run else { continue }
            runs[name] = nil
            endedCameras.remove(name)
        }
        let sensors = taught?.fitting(configuration.sensors) ?? [:]
        for notice in taught?.notices(configuration) ?? [] { logger.warning("\(notice)") }
        for camera in configuration.cameras {
            let own = configuration.sensors(of: camera.name)
            if let run = runs[camera.name]?.run {
                await run.setSensors(own, taught: sensors)
                continue
            }
            // At once, without waiting: another call must not start it, too.
            let run = makeRun(camera)
            let isPaused = paused.contains(camera.name)
            runs[camera.name] = (
                run,
                Task {
                    await run.setSensors(own, taught: sensors)
                    if isPaused { await run.setPaused(true) }
                    await run.run()
                    self.ended(run)
                }
            )
        }
    }

    private func makeRun(_ camera: CameraConfiguration) -> CameraRun {
        CameraRun(camera, model: model, metrics: metrics, logger: logger) {
            await self.tell($0, $1)
        } tellAvailability: {
            await self.tell($0)
        }
    }

    private func tell(_ event: CameraEvent, _ picture: EventPicture) async {
        lastEvents = lastEvents.suffix(Self.keptEvents - 1) + [event]
        for sink in sinks { await sink.send(event, picture: picture) }
    }

    private func tell(_ availability: CameraAvailability) async {
        for sink in sinks { await sink.send(availability) }
    }

    // MARK: The end

    private var endedCameras: Set<String> = []
    private var endsWithFilms = true

    private var areAllEnded: Bool {
        endsWithFilms && !runs.isEmpty && runs.keys.allSatisfy(endedCameras.contains)
    }

    private func ended(_ run: CameraRun) {
        guard runs[run.camera.name]?.run === run else { return }
        endedCameras.insert(run.camera.name)
        guard areAllEnded else { return }
        waiter?.resume()
        waiter = nil
    }

    private func waitForEnd() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled || areAllEnded {
                    continuation.resume()
                } else {
                    waiter = continuation
                }
            }
        } onCancel: {
            Task { await self.stopWaiting() }
        }
    }

    private func stopWaiting() {
        waiter?.resume()
        waiter = nil
    }

    // MARK: Control

    package func cameras() async -> [CameraStatus] {
        var statuses: [CameraStatus] = []
        for camera in configuration.cameras {
            if let run = runs[camera.name]?.run { statuses.append(await run.status) }
        }
        return statuses
    }

    package func sensors() async -> [SensorStatus] {
        var statuses: [SensorStatus] = []
        for camera in configuration.cameras {
            if let run = runs[camera.name]?.run { statuses += await run.sensorStatus }
        }
        let order = configuration.sensors.map(\.name)
        return order.compactMap { name in statuses.first { $0.name == name } }
    }

    package func events() -> [CameraEvent] { lastEvents }

    package func frame(of camera: String) async -> Picture? {
        await runs[camera]?.run.lastFrame?.picture
    }

    package func setPaused(_ isPaused: Bool, camera: String) async {
        await runs[camera]?.run.setPaused(isPaused)
        for sink in sinks { await sink.send(isPaused: isPaused, camera: camera) }
    }

    package func askNow(camera: String) async { await runs[camera]?.run.askNow() }

    package func answer(_ question: String, camera: String) async throws -> String {
        guard let picture = await frame(of: camera) else {
            throw StreamError("\(camera) gave no frame yet")
        }
        try model.validate(answersTo: [question])
        let image = try await model.encode(picture)
        return try await model.answer(question, about: image).text
    }

    package func teach(
        _ frame: Picture, name: String, sensor: String, state: String
    ) async throws -> TeachingResult {
        guard let configuration = configuration.sensors.first(where: { $0.name == sensor }) else {
            throw StreamError("there is no sensor \(sensor)")
        }
        guard taught != nil else {
            throw StreamError("what is taught needs a configuration file to stand beside")
        }
        let sample = try await TaughtSensor.Sample(
            frame, name: name, state: state, sensor: configuration, model: model)
        // After the wait, in which others may have taught.
        guard var states = taught else {
            throw StreamError("what is taught needs a configuration file to stand beside")
        }
        let result = try states.add([sample], to: configuration)
        taught = states
        if let run = runs[configuration.camera]?.run {
            await run.setSensors(
                self.configuration.sensors(of: configuration.camera),
                taught: states.fitting(self.configuration.sensors))
        }
        return result
    }

    // MARK: Metrics

    /// Values that are only known when they are asked for.
    package func gauges() async -> [Metrics.Gauge] {
        await cameras().map { camera in
            Metrics.Gauge(
                name: "blip_camera_available", labels: [("camera", camera.name)],
                value: camera.isAvailable ? 1 : 0)
        }
    }

    private func writeMetrics(to file: URL) async {
        var isWell = true
        while !Task.isCancelled {
            let text = metrics.exposition(gauges: await gauges() + ProcessMetrics.now)
            do {
                try Draft.write(Data(text.utf8), to: file)
                isWell = true
            } catch {
                if isWell { logger.error("\(OutputFiles.unwritable(file).description)") }
                isWell = false
            }
            try? await Task.sleep(for: .seconds(15))
        }
    }
}
