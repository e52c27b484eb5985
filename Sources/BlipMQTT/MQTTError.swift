import Foundation

/// Why a broker was not reached, refused, or was left; one sentence that says what to do.
package struct MQTTError: Error, Sendable, Hashable, CustomStringConvertible, LocalizedError {
    /// The kind of failure, for programs to branch on.
    package struct Code: Sendable, Hashable {
        private let name: String

        /// The broker's answer to the connection was no.
        package static let refused = Code(name: "refused")
        /// No connection, or none that stands.
        package static let unreachable = Code(name: "unreachable")
        /// Bytes that are no MQTT 3.1.1.
        package static let invalidPacket = Code(name: "invalidPacket")
        package static let packetTooLarge = Code(name: "packetTooLarge")
        package static let invalidTopic = Code(name: "invalidTopic")
        /// As much waits as may wait.
        package static let queueFull = Code(name: "queueFull")
        /// Certificates or keys that cannot be read.
        package static let invalidConfiguration = Code(name: "invalidConfiguration")
    }

    package let code: Code
    package let message: String
    package var description: String { message }
    package var errorDescription: String? { message }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    static func invalid(_ what: String) -> MQTTError {
        MQTTError(
            .invalidPacket, "The broker sent \(what), which is no MQTT 3.1.1; check host and port")
    }
}
