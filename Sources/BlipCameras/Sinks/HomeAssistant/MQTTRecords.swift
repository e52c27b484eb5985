/// What is known of a sensor besides its state.
struct SensorAttributes: Encodable {
    let event: CameraEvent

    private enum Key: String, CodingKey {
        case id, time, previous, probability, question, ranking, timing
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(event.id, forKey: .id)
        try container.encode(event.time, forKey: .time)
        try container.encode(event.previous, forKey: .previous)
        try container.encode(event.probability, forKey: .probability)
        try container.encode(event.question, forKey: .question)
        try container.encodeIfPresent(event.ranking, forKey: .ranking)
        try container.encode(event.timing, forKey: .timing)
    }
}

/// An event, with the type that Home Assistant's event entities want.
struct HomeAssistantEvent: Encodable {
    let event: CameraEvent

    private enum Key: String, CodingKey { case type = "event_type" }

    func encode(to encoder: any Encoder) throws {
        try IdentifiedEvent(event: event).encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(event.sensor, forKey: .type)
    }
}
