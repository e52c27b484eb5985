import NIOCore
import NIOPosix
import NIOSSL

extension MQTTError {
    /// Puts what the network says in a sentence.
    init(_ error: any Error, to configuration: BrokerConfiguration) {
        if let error = error as? MQTTError {
            self = error
            return
        }
        let (words, advice) = Self.words(for: error)
        self.init(.unreachable, "The broker \(configuration.address) \(words); \(advice)")
    }

    static func silent(_ configuration: BrokerConfiguration) -> MQTTError {
        MQTTError(
            .unreachable,
            "The broker \(configuration.address) does not answer; check that it is MQTT that is spoken "
                + "there, and the network")
    }

    static func ended(by configuration: BrokerConfiguration) -> MQTTError {
        MQTTError(
            .unreachable,
            "The broker \(configuration.address) ended the connection; look at its log, and whether another client "
                + "has the name \(configuration.clientID)")
    }

    /// What ends soon after it was made, again and again.
    static func thrownOut(of configuration: BrokerConfiguration) -> MQTTError {
        MQTTError(
            .unreachable,
            "The broker \(configuration.address) ends each connection soon after it was made, as it does where "
                + "another client has the name \(configuration.clientID); give each its own, or look at its log"
        )
    }

    private static func words(for error: any Error) -> (String, String) {
        let check = "check its host and port, and that it runs"
        switch error {
        case let error as NIOConnectionError:
            guard let first = error.connectionErrors.first else {
                return ("has no address: its name cannot be looked up", check)
            }
            return words(for: first.error)
        case let error as IOError:
            return ("cannot be reached (\(String(cString: strerror(error.errnoCode))))", check)
        case ChannelError.connectTimeout: return ("does not answer", check)
        case let error as NIOSSLError:
            return "\(error)".contains("CERTIFICATE_VERIFY_FAILED")
                ? (
                    "has a certificate that nobody who is trusted signed, or that is out of date",
                    "give the authority's certificate"
                ) : ("does not speak TLS as this program does", "check the port and encryption")
        case is NIOSSLExtraError:
            return ("has a certificate for another name", "use the name that it is for")
        default:
            return ("broke the connection", "look at its log")
        }
    }
}
