/// What is published under a topic.
package struct MQTTMessage: Sendable, Hashable {
    /// How sure a message is to arrive.
    package enum QualityOfService: UInt8, Sendable {
        /// Sent once, and lost with its connection.
        case atMostOnce = 0
        /// Sent until it is acknowledged; may arrive again, marked as a duplicate.
        case atLeastOnce = 1
    }

    package var topic: String
    package var payload: [UInt8]
    package var quality: QualityOfService
    /// Whether the broker keeps it for those who subscribe later; of a received one, whether it was kept.
    package var isRetained: Bool
    /// Whether it may have been received before.
    package var isDuplicate = false

    package init(
        topic: String, payload: some Sequence<UInt8>, quality: QualityOfService = .atMostOnce,
        isRetained: Bool = false
    ) {
        self.topic = topic
        self.payload = Array(payload)
        self.quality = quality
        self.isRetained = isRetained
    }

    package var text: String { String(decoding: payload, as: UTF8.self) }

    /// Bytes that it takes in memory and on the wire, within a few.
    var size: Int { topic.utf8.count + payload.count + 8 }
}
