import BlipMQTT
import BlipPictures
import Foundation
import Logging

/// Tells a broker of events and of how cameras do, and Home Assistant of what there is; takes its commands.
actor MQTTSink: EventSink {
    private let configuration: MQTTConfiguration
    private let topics: MQTTTopics
    private let client: MQTTClient
    private let control: any WatchControl
    private let logger: Logger
    private var watch: WatchConfiguration
    private var trouble: Trouble
    private var queueTrouble: Trouble
    /// What is retained under a topic, to be told again to a broker that forgot.
    private var retained: [String: [UInt8]] = [:]

    init(
        _ configuration: MQTTConfiguration, watch: WatchConfiguration, control: any WatchControl,
        logger: Logger
    ) {
        self.configuration = configuration
        self.watch = watch
        self.control = control
        self.logger = logger
        topics = MQTTTopics(root: configuration.topic)
        trouble = Trouble(logger: logger)
        queueTrouble = Trouble(logger: logger)
        var broker = BrokerConfiguration(
            host: configuration.host, port: configuration.port,
            encryption: configuration.usesTLS ? .init(authorities: configuration.authorities) : nil,
            clientID: configuration.clientID)
        broker.user = configuration.user
        broker.password = configuration.password.map { .init($0) }
        broker.keepAlive = configuration.keepAlive
        broker.will = MQTTMessage(
            topic: topics.status, payload: "offline".utf8, quality: .atLeastOnce, isRetained: true)
        client = MQTTClient(broker)
    }

    private var quality: MQTTMessage.QualityOfService {
        configuration.qualityOfService == 0 ? .atMostOnce : .atLeastOnce
    }

    private var discovery: Discovery? {
        configuration.discoveryPrefix.map {
            Discovery(prefix: $0, topics: topics, quality: configuration.qualityOfService)
        }
    }

    // MARK: Working

    func run() async {
        do {
            let filters = [discovery?.homeAssistantStatus, discovery?.filter].compactMap(\.self)
            let messages = try await client.subscribe(to: topics.commands + filters)
            try await client.start()
            await withTaskGroup(of: Void.self) { group in
                group.addTask { for await message in messages { await self.receive(message) } }
                group.addTask {
                    for await change in self.client.changes { await self.tell(change) }
                }
            }
        } catch {
            logger.error("\(error)")
        }
    }

    private func tell(_ change: MQTTClient.Change) async {
        switch change {
        case .connected:
            trouble.end("The broker \(configuration.host) takes events again.")
            await announce()
        case .disconnected(let error), .denied(let error): trouble.tell("\(error).")
        }
    }

    /// All that is retained, after a connection was made or Home Assistant came up.
    private func announce() async {
        await waitForRoom()
        await publish("online", to: topics.status)
        for message in discovery?.messages(watch) ?? [] {
            await waitForRoom()
            await publish(json: message.entity, to: message.topic)
        }
        for camera in await control.cameras() {
            await waitForRoom()
            await publish(
                camera.isAvailable ? "online" : "offline", to: topics.availability(camera.name))
            await publish(camera.isPaused ? "ON" : "OFF", to: topics.paused(camera.name))
        }
        for topic in retained.keys.sorted() {
            await waitForRoom()
            // Read anew: an event may have come meanwhile.
            if let payload = retained[topic] { await publish(payload, to: topic, isRetained: true) }
        }
    }

    /// After a long time without a broker the queue is full, and would refuse what stands now.
    private func waitForRoom() async {
        while await client.isConnected, await client.pendingMessages > Self.crowded {
            guard (try? await Task.sleep(for: .milliseconds(20))) != nil else { return }
        }
    }

    /// Half of what may wait.
    private static let crowded = 500

    private func receive(_ message: MQTTMessage) async {
        if let discovery, message.topic == discovery.homeAssistantStatus {
            if message.text == "online", !message.isRetained { await announce() }
        } else if let discovery, Topic.matches(message.topic, filter: discovery.filter) {
            await forget(message)
        } else if !message.isRetained, let (camera, command) = topics.command(message.topic),
            watch.cameras.contains(where: { $0.name == camera })
        {
            switch (command, message.text) {
            case (.ask, _): await control.askNow(camera: camera)
            case (.pause, "ON"), (.pause, "OFF"):
                await control.setPaused(message.text == "ON", camera: camera)
            case (.pause, _): break
            }
        }
    }

    /// Takes back an entity that was told of once, and that the configuration has no more.
    private func forget(_ message: MQTTMessage) async {
        let known = Set(discovery?.messages(watch).map(\.topic) ?? [])
        guard !message.payload.isEmpty, !known.contains(message.topic) else { return }
        await publish([], to: message.topic, isRetained: true)
    }

    // MARK: Events

    func send(_ event: CameraEvent, picture: EventPicture) async {
        await retain(Array(event.state.utf8), at: topics.state(event.camera, event.sensor))
        if let attributes = try? JSONEncoder.events.encode(SensorAttributes(event: event)) {
            await retain(Array(attributes), at: topics.attributes(event.camera, event.sensor))
        }
        if let json = try? JSONEncoder.events.encode(HomeAssistantEvent(event: event)) {
            await publish(Array(json), to: topics.event(event.camera), isRetained: false)
        }
        // Last, since it takes the longest to make.
        if let jpeg = try? picture.frame.jpeg(quality: 80) {
            await retain(Array(jpeg), at: topics.picture(event.camera), replacesWaiting: true)
        }
    }

    func send(_ availability: CameraAvailability) async {
        await publish(
            availability.state == .available ? "online" : "offline",
            to: topics.availability(availability.camera))
    }

    func send(isPaused: Bool, camera: String) async {
        await publish(isPaused ? "ON" : "OFF", to: topics.paused(camera))
    }

    func reload(_ configuration: WatchConfiguration) async {
        let before = Set(discovery?.messages(watch).map(\.topic) ?? [])
        watch = configuration
        let after = Set(discovery?.messages(watch).map(\.topic) ?? [])
        for topic in before.subtracting(after) { await publish([], to: topic, isRetained: true) }
        let states = Set(
            watch.sensors.flatMap {
                [topics.state($0.camera, $0.name), topics.attributes($0.camera, $0.name)]
            } + watch.cameras.map { topics.picture($0.name) })
        for topic in retained.keys where !states.contains(topic) {
            retained[topic] = nil
            await publish([], to: topic, isRetained: true)
        }
        if await client.isConnected { await announce() }
    }

    /// In a task of its own: whoever ends the watch may have been cancelled.
    func finish() async { await Task { await sendLast() }.value }

    private func sendLast() async {
        await publish("offline", to: topics.status)
        let lost = await client.close(within: .seconds(3))
        if lost > 0 {
            logger.warning("\(lost) messages did not reach the broker \(configuration.host).")
        }
    }

    // MARK: Publishing

    /// Keeps the payload, for a broker that forgets what it retains.
    private func retain(
        _ payload: [UInt8], at topic: String, replacesWaiting: Bool = false
    ) async {
        retained[topic] = payload
        await publish(payload, to: topic, isRetained: true, replacesWaiting: replacesWaiting)
    }

    private func publish(_ text: String, to topic: String) async {
        await publish(Array(text.utf8), to: topic, isRetained: true)
    }

    private func publish(json object: some Encodable, to topic: String) async {
        let encoder = JSONEncoder.events
        encoder.keyEncodingStrategy = .convertToSnakeCase
        if let json = try? encoder.encode(object) {
            await publish(Array(json), to: topic, isRetained: true)
        }
    }

    private func publish(
        _ payload: [UInt8], to topic: String, isRetained: Bool, replacesWaiting: Bool = false
    ) async {
        let message = MQTTMessage(
            topic: topic, payload: payload, quality: quality, isRetained: isRetained)
        do {
            try await client.publish(message, replacesWaiting: replacesWaiting)
            queueTrouble.end("Messages for the broker \(configuration.host) are kept again.")
        } catch {
            queueTrouble.tell("\(error).")
        }
    }
}
