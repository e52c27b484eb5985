extension CameraEvent {
    /// The same whenever the event is told, and no other event's: by it whoever reads drops what comes twice.
    package var id: String { "\(sensor)@\(time.eventTime)" }
}

/// An event with its id among its fields.
struct IdentifiedEvent: Encodable {
    let event: CameraEvent

    private enum Key: CodingKey { case id }

    func encode(to encoder: any Encoder) throws {
        try event.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(event.id, forKey: .id)
    }
}
