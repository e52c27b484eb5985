import BlipErrors

/// Why a broker was not reached, refused, or was left; one sentence that says what to do.
package struct MQTTError: DescribedError {
    /// The kind of failure, for programs to branch on.
    package struct Code: ErrorCode {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// The broker's answer to the connection was no.
        package static let refused = Code(rawValue: "refused")
        /// No connection, or none that stands.
        package static let unreachable = Code(rawValue: "unreachable")
        /// Bytes that are no MQTT 3.1.1.
        package static let invalidPacket = Code(rawValue: "invalidPacket")
        package static let packetTooLarge = Code(rawValue: "packetTooLarge")
        package static let invalidTopic = Code(rawValue: "invalidTopic")
        /// As much waits as may wait.
        package static let queueFull = Code(rawValue: "queueFull")
        /// Certificates or keys that cannot be read.
        package static let invalidConfiguration = Code(rawValue: "invalidConfiguration")
    }

    package let code: Code
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    static func invalid(_ what: String) -> MQTTError {
        MQTTError(
            .invalidPacket, "The broker sent \(what), which is no MQTT 3.1.1; check host and port")
    }
}
