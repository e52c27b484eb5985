package import Foundation

/// Where a broker is, and who asks.
package struct BrokerConfiguration: Sendable, Hashable {
    /// A password, which is in no description.
    package struct Password: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
        let value: String
        package init(_ value: String) { self.value = value }
        package var description: String { "a password" }
        package var customMirror: Mirror { Mirror(self, children: []) }
    }

    /// How a connection is encrypted.
    package struct Encryption: Sendable, Hashable {
        /// A PEM file of the authorities that are trusted in place of the system's.
        package var authorities: URL?
        /// A PEM file of the certificate that this client shows.
        package var certificate: URL?
        /// Its private key.
        package var key: URL?

        package init(authorities: URL? = nil, certificate: URL? = nil, key: URL? = nil) {
            self.authorities = authorities
            self.certificate = certificate
            self.key = key
        }
    }

    package var host: String
    package var port: Int
    /// `nil` for a connection in the clear.
    package var encryption: Encryption?
    package var user: String?
    package var password: Password?
    /// One for each client of a broker, which throws the older of two out.
    package var clientID: String
    /// Whether the broker forgets the client's subscriptions when it leaves.
    package var cleanSession = false
    /// What the broker publishes when the connection breaks.
    package var will: MQTTMessage?
    /// Something is sent at least this often; a broker that does not answer as long is left.
    package var keepAlive = Duration.seconds(30)
    /// The wait before a connection is tried again; it doubles up to the longest.
    package var retryDelays = Duration.seconds(1)...Duration.seconds(60)
    /// How long a connection and its answer may take.
    package var connectTimeout = Duration.seconds(10)
    /// The most messages that wait.
    package var queuedMessages = 1_000
    /// The most bytes that they have.
    package var queuedBytes = 32 << 20
    /// The most messages that are sent and not acknowledged.
    package var inFlight = 20
    /// The most bytes of a packet that is received.
    package var incomingBytes = 1 << 20

    package init(host: String, port: Int? = nil, encryption: Encryption? = nil, clientID: String) {
        self.host = host
        self.encryption = encryption
        self.port = port ?? (encryption == nil ? 1883 : 8883)
        self.clientID = clientID
    }

    /// For messages.
    var address: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    /// - Throws: ``MQTTError`` for what no packet can hold.
    func check() throws(MQTTError) {
        let texts = [clientID, user ?? "", password?.value ?? ""]
        guard texts.allSatisfy({ $0.utf8.count <= Int(UInt16.max) }),
            (will?.payload.count ?? 0) <= Int(UInt16.max)
        else {
            throw MQTTError(
                .invalidConfiguration,
                "The broker's user, password or client name is over 65535 bytes; shorten it")
        }
        if let will { try Topic.check(name: will.topic) }
    }
}
