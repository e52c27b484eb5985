import BlipCommandSupport

/// What Home Assistant is told so that each camera becomes a device and each sensor an entity
/// (`home-assistant.io/integrations/mqtt/#mqtt-discovery`).
struct Discovery {
    let prefix: String
    let topics: MQTTTopics
    let quality: Int

    /// A topic and the entity that is told there, as JSON.
    struct Message {
        let topic: String
        let entity: DiscoveredEntity
    }

    /// Where all that this program tells of comes: for finding what it told of once and has no more.
    var filter: String { "\(prefix)/+/\(node)/+/config" }

    /// Where Home Assistant tells that it is there.
    var homeAssistantStatus: String { "\(prefix)/status" }

    /// Home Assistant takes letters, digits, _ and - there.
    private var node: String { topics.root.replacing(/[^A-Za-z0-9_\-]/, with: "_") }

    func messages(_ watch: WatchConfiguration) -> [Message] {
        watch.cameras.flatMap { camera in
            let sensors = watch.sensors(of: camera.name)
            return sensors.map { message(sensor: $0, of: camera) }
                + controls(of: camera, sensors: sensors)
        }
    }

    private func message(sensor: SensorConfiguration, of camera: CameraConfiguration) -> Message {
        let isBinary = sensor.states == ["yes", "no"]
        var entity = entity(sensor.name, sensor.title, camera)
        entity.stateTopic = topics.state(camera.name, sensor.name)
        entity.jsonAttributesTopic = topics.attributes(camera.name, sensor.name)
        entity.deviceClass = sensor.deviceClass
        entity.icon = sensor.icon
        // What Home Assistant takes for a state that is not known; it keeps 255 characters of others.
        entity.valueTemplate = "{{ 'None' if value == 'unknown' else value[:255] }}"
        if isBinary {
            entity.payloadOn = "yes"
            entity.payloadOff = "no"
        } else if let states = sensor.states, sensor.deviceClass == nil {
            entity.deviceClass = "enum"
            entity.options = states
        } else if case .number = sensor.question {
            entity.stateClass = "measurement"
        }
        return Message(
            topic: topic(isBinary ? "binary_sensor" : "sensor", camera, sensor.name), entity: entity
        )
    }

    private func controls(
        of camera: CameraConfiguration, sensors: [SensorConfiguration]
    ) -> [Message] {
        var picture = entity("last_event", "Last event", camera)
        picture.imageTopic = topics.picture(camera.name)
        picture.contentType = "image/jpeg"
        var event = entity("change", "Change", camera)
        event.stateTopic = topics.event(camera.name)
        event.eventTypes = sensors.map(\.name)
        event.icon = "mdi:cctv"
        var pause = entity("paused", "Paused", camera)
        pause.stateTopic = topics.paused(camera.name)
        pause.commandTopic = topics.setPaused(camera.name)
        pause.icon = "mdi:pause"
        pause.entityCategory = "config"
        var ask = entity("ask_now", "Ask now", camera)
        ask.commandTopic = topics.ask(camera.name)
        ask.icon = "mdi:eye-refresh"
        return [
            ("image", picture), ("event", event), ("switch", pause), ("button", ask),
        ]
        // An event without a type is none to Home Assistant.
        .filter { !sensors.isEmpty || $0.0 != "event" }
        .map { Message(topic: topic($0.0, camera, $0.1.object), entity: $0.1) }
    }

    private func topic(_ component: String, _ camera: CameraConfiguration, _ object: String)
        -> String
    {
        "\(prefix)/\(component)/\(node)/\(Self.joined(camera.name, object))/config"
    }

    /// One text for two names, and another for any other two: `a` and `b-c` are not `a-b` and `c`.
    private static func joined(_ camera: String, _ object: String) -> String {
        "\(camera.replacing("-", with: "--"))-\(object.replacing("-", with: "--"))"
    }

    private func entity(
        _ object: String, _ name: String, _ camera: CameraConfiguration
    ) -> DiscoveredEntity {
        let identifier = "\(node)_\(camera.name)"
        return DiscoveredEntity(
            object: object, name: name,
            uniqueId: "\(node)_\(Self.joined(camera.name, object))",
            objectId: "\(camera.name)_\(object)",
            device: .init(
                identifiers: [identifier], name: camera.title, manufacturer: "blip",
                model: "Camera",
                swVersion: programVersion),
            availability: [
                .init(topic: topics.status), .init(topic: topics.availability(camera.name)),
            ], qos: quality)
    }
}
