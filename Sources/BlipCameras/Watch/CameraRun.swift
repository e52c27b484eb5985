import BLIP
import BlipPictures
import Foundation
import Logging

/// One camera while it is watched: takes its newest frame, asks what is due, and takes the next.
actor CameraRun {
    nonisolated let camera: CameraConfiguration
    private let model: BlipModel
    private let metrics: Metrics
    private let logger: Logger
    private let tell: @Sendable (CameraEvent, EventPicture) async -> Void
    private let tellAvailability: @Sendable (CameraAvailability) async -> Void

    private var sensors: [SensorRun] = []
    private(set) var lastFrame: Frame?
    private var isAvailable = false
    private var reason: String?
    private var frames = 0
    private var restarts = 0
    private var isPaused = false
    private var asksNow = false

    init(
        _ camera: CameraConfiguration, model: BlipModel, metrics: Metrics, logger: Logger,
        tell: @escaping @Sendable (CameraEvent, EventPicture) async -> Void,
        tellAvailability: @escaping @Sendable (CameraAvailability) async -> Void
    ) {
        self.camera = camera
        self.model = model
        self.metrics = metrics
        var logger = logger
        logger[metadataKey: "camera"] = "\(camera.name)"
        self.logger = logger
        self.tell = tell
        self.tellAvailability = tellAvailability
        // From the start on: what has not happened yet is 0, and no gap in a plot.
        for name in ["frames", "answers", "events", "failures", "restarts"] {
            metrics.count("blip_camera_\(name)_total", [("camera", camera.name)], by: 0)
        }
        for gate in ["change", "embedding"] {
            metrics.count(
                "blip_camera_gated_total", [("camera", camera.name), ("gate", gate)], by: 0)
        }
    }

    /// Sensors that are as they were keep their state.
    func setSensors(_ configurations: [SensorConfiguration], taught: [String: TaughtSensor]) {
        sensors = configurations.map { configuration in
            var sensor =
                sensors.first { $0.configuration == configuration }
                ?? SensorRun(configuration, taught: nil)
            if sensor.taught != taught[configuration.name] {
                sensor.taught = taught[configuration.name]
                sensor.grid = nil
                sensor.vector = nil
            }
            return sensor
        }
    }

    /// Runs until a film ends or the task is cancelled.
    func run() async {
        let latest = LatestFrame()
        let stream = CameraStream(camera: camera, latest: latest) { await self.note($0) }
        await withTaskGroup { group in
            group.addTask { await stream.run() }
            while let frame = await latest.next() { await see(frame) }
            group.cancelAll()
        }
    }

    private func note(_ change: CameraStream.Change) async {
        let state: CameraAvailability.State
        switch change {
        case .restarted:
            restarts += 1
            metrics.count("blip_camera_restarts_total", labels)
            return
        case .available:
            guard !isAvailable else { return }
            (isAvailable, reason, state) = (true, nil, .available)
            logger.info("available")
        case .unavailable(let why):
            logger.warning("unavailable", metadata: ["reason": "\(why)"])
            guard isAvailable || reason == nil else { return reason = why }
            (isAvailable, reason, state) = (false, why, .unavailable)
        case .ended:
            (isAvailable, reason, state) = (false, nil, .ended)
            logger.info("ended")
        }
        await tellAvailability(
            CameraAvailability(time: Date(), camera: camera.name, state: state, reason: reason))
    }

    private var labels: [(String, String)] { [("camera", camera.name)] }

    // MARK: Looking

    private func see(_ frame: Frame) async {
        lastFrame = frame
        frames += 1
        metrics.count("blip_camera_frames_total", labels)
        guard !isPaused else { return }
        let isAsked = asksNow
        asksNow = false
        let due = sensors.indices.filter { isAsked || sensors[$0].isDue(at: frame.position) }
            .map { sensors[$0].configuration }
        // Those that look at the same share what the model sees.
        let looks = Dictionary(grouping: due, by: \.region)
        await withTaskGroup { group in
            for (region, sensors) in looks {
                group.addTask {
                    await self.look(
                        at: region, of: frame, for: sensors.map(\.name), always: isAsked)
                }
            }
        }
    }

    /// - Parameter always: past all gates.
    private func look(
        at region: Region?, of frame: Frame, for names: [String], always: Bool
    ) async {
        let crop = region?.crop(frame.picture) ?? frame.picture
        let grid = BrightnessGrid(crop)
        var open: [String] = []
        for name in names {
            guard let index = index(of: name) else { continue }
            let passes = always || sensors[index].passesChange(grid, at: frame.position)
            // On motion, a frame without any is no look.
            if passes || !sensors[index].configuration.onMotion || sensors[index].votes.isDoubtful {
                sensors[index].lastLook = frame.position
            }
            if passes {
                open.append(name)
            } else {
                sensors[index].gatedByChange += 1
                metrics.count("blip_camera_gated_total", labels + [("gate", "change")])
                await tell(repeatAnswer(of: index, frame))
            }
        }
        guard !open.isEmpty else { return }
        do {
            let image = try await model.encode(crop)
            let vector = try await LookVector.vector(of: image, by: model)
            await withTaskGroup { group in
                for name in open {
                    group.addTask {
                        await self.ask(name, about: image, vector, grid, frame, always: always)
                    }
                }
            }
        } catch {
            fail(error)
        }
    }

    private func ask(
        _ name: String, about image: EncodedImage, _ vector: [Float], _ grid: BrightnessGrid,
        _ frame: Frame, always: Bool
    ) async {
        guard let index = index(of: name) else { return }
        guard always || sensors[index].passesEmbedding(vector) else {
            sensors[index].gatedByEmbedding += 1
            metrics.count("blip_camera_gated_total", labels + [("gate", "embedding")])
            return await tell(repeatAnswer(of: index, frame))
        }
        let sensor = sensors[index].configuration
        let taught = sensors[index].taught
        var answer: Answer
        do {
            if let known = taught?.answer(vector) {
                answer = known
            } else {
                answer = try await model.answer(sensor.question, about: image)
            }
        } catch {
            return fail(error)
        }
        answer.timings = answer.timings + image.timings
        answer = answer.counting(from: sensor.threshold)
        metrics.count("blip_camera_answers_total", labels)
        metrics.observe(
            (ContinuousClock.now - frame.arrival).milliseconds / 1_000,
            in: "blip_camera_latency_seconds", labels)
        // The configuration, or what was taught, may have changed meanwhile.
        guard let index = self.index(of: name), sensors[index].configuration == sensor,
            sensors[index].taught == taught
        else { return }
        sensors[index].asked += 1
        sensors[index].answer = answer
        sensors[index].grid = grid
        sensors[index].vector = vector
        let previous = sensors[index].votes.state
        guard sensors[index].votes.add(answer.state) else { return }
        await tell(event(of: index, previous, frame))
    }

    private func repeatAnswer(of index: Int, _ frame: Frame) -> Change? {
        let previous = sensors[index].votes.state
        return sensors[index].repeatAnswer() ? event(of: index, previous, frame) : nil
    }

    private typealias Change = (event: CameraEvent, picture: EventPicture)

    private func tell(_ change: Change?) async {
        if let change { await tell(change.event, change.picture) }
    }

    /// Of a sensor whose state has just changed. Does not wait: meanwhile sensors may come and go.
    private func event(of index: Int, _ previous: String?, _ frame: Frame) -> Change? {
        let sensor = sensors[index]
        guard let state = sensor.votes.state, let answer = sensor.answer else { return nil }
        sensors[index].since = frame.time
        metrics.count("blip_camera_events_total", labels)
        let event = CameraEvent(
            time: frame.time, camera: camera.name, sensor: sensor.configuration.name, state: state,
            previous: previous,
            probability: state == CameraEvent.unknown ? nil : answer.probability,
            question: sensor.configuration.questionText, ranking: answer.ranking,
            timing: EventTiming(answer.timings, latency: ContinuousClock.now - frame.arrival))
        return (event, EventPicture(frame: frame.picture, region: sensor.configuration.region))
    }

    private func index(of name: String) -> Int? {
        sensors.firstIndex { $0.configuration.name == name }
    }

    private func fail(_ error: any Error) {
        guard !(error is CancellationError) else { return }
        metrics.count("blip_camera_failures_total", labels)
        logger.error("a look failed", metadata: ["error": "\(error)"])
    }

    // MARK: Control

    func setPaused(_ isPaused: Bool) { self.isPaused = isPaused }

    func askNow() { asksNow = true }

    var status: CameraStatus {
        CameraStatus(
            name: camera.name, title: camera.title, isAvailable: isAvailable, isPaused: isPaused,
            reason: reason, lastFrame: lastFrame?.time, frames: frames, restarts: restarts)
    }

    var sensorStatus: [SensorStatus] {
        sensors.map { sensor in
            let configuration = sensor.configuration
            return SensorStatus(
                name: configuration.name, title: configuration.title, camera: camera.name,
                question: configuration.questionText, region: configuration.region,
                state: sensor.votes.state,
                probability: sensor.votes.state == CameraEvent.unknown
                    ? nil : sensor.answer?.probability,
                since: sensor.since, states: configuration.states, asked: sensor.asked,
                gatedByChange: sensor.gatedByChange, gatedByEmbedding: sensor.gatedByEmbedding)
        }
    }
}
