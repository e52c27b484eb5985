import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Why nothing was answered, in words that hold nothing of what was sent.
struct ConnectionProblem {
    /// What the other side does: "refuses the connection".
    let words: String
    var advice = "check the network, or try again later"
    /// Whether it will be the same when tried again.
    var isLasting = true
    /// Whether it was met on the way to whoever is connected to first: the proxy, if there is one.
    var isFirstHop = false

    init(_ error: any Error, to host: String) {
        switch error {
        case let error as NIOConnectionError: self.init(error, to: host)
        case let error as IOError: self.init(errorNumber: error.errnoCode)
        case let error as HTTPClientError: self.init(error, to: host)
        case let error as NIOSSLError: self.init(error)
        case is NIOSSLExtraError:
            self.init(
                words: "has a TLS certificate for another name",
                advice: "check the address, or the proxy in between")
        case HTTPParserError.invalidEOFState, HTTPParserError.closedConnection:
            self.init(words: "breaks the connection", isLasting: false)
        case is HTTPParserError:
            self.init(
                words: "answers in something that is not HTTP",
                advice: "check the address, its scheme and its port")
        case ChannelError.connectTimeout: self = .silence
        default: self.init(words: "breaks the connection", isLasting: false)
        }
    }

    private static let silence = ConnectionProblem(
        words: "does not answer", advice: wayOut, isLasting: false)
    private static let wayOut =
        "check the network and, behind a company's firewall, HTTPS_PROXY; or try again later"

    private init(
        words: String, advice: String? = nil, isLasting: Bool = true, isFirstHop: Bool = false
    ) {
        self.words = words
        if let advice { self.advice = advice }
        self.isLasting = isLasting
        self.isFirstHop = isFirstHop
    }

    private init(_ error: NIOConnectionError, to host: String) {
        // A host may have addresses that this network has no way to; the others count.
        let problems = error.connectionErrors.map { ConnectionProblem($0.error, to: host) }
        if let problem = problems.first(where: { !$0.isLasting }) ?? problems.first {
            self = problem
        } else {
            self.init(words: "has no address: its name cannot be looked up", advice: Self.wayOut)
        }
        isFirstHop = true
    }

    private init(errorNumber: CInt) {
        let reason = String(cString: strerror(errorNumber))
        switch errorNumber {
        case ECONNRESET, EPIPE, ETIMEDOUT, ECONNABORTED, EINTR:
            self.init(words: "breaks the connection (\(reason))", isLasting: false)
        default:
            self.init(
                words: "cannot be connected to (\(reason))",
                advice: Self.wayOut,
                isFirstHop: true)
        }
    }

    private init(_ error: HTTPClientError, to host: String) {
        switch error {
        case .connectTimeout, .readTimeout, .deadlineExceeded, .getConnectionFromPoolTimeout,
            .tlsHandshakeTimeout, .httpProxyHandshakeTimeout, .socksHandshakeTimeout:
            self = .silence
        case .proxyAuthenticationRequired:
            self.init(
                words: "wants a name and a password",
                advice: "set the variable to http://NAME:PASSWORD@HOST:PORT", isFirstHop: true)
        case .invalidProxyResponse:
            self.init(
                words: "lets nobody through to \(host)",
                advice: "ask for that host to be allowed, or name it in NO_PROXY where it can be "
                    + "reached directly", isFirstHop: true)
        case .remoteConnectionClosed, .uncleanShutdown:
            self.init(words: "breaks the connection", isLasting: false)
        default:
            self.init(
                words: "cannot be asked (\(error.shortDescription))", advice: "check the address")
        }
    }

    private init(_ error: NIOSSLError) {
        guard case .handshakeFailed(.sslError(let reasons)) = error else {
            self.init(words: "breaks the encrypted connection", isLasting: false)
            return
        }
        if "\(reasons)".contains("CERTIFICATE_VERIFY_FAILED") {
            self.init(
                words:
                    "has a TLS certificate that is out of date or signed by nobody who is trusted",
                advice: "where a company's proxy opens connections, set SSL_CERT_FILE to its root "
                    + "certificate; check the clock, too")
        } else {
            self.init(
                words: "does not speak TLS as this program does",
                advice: "check the address, its scheme and its port")
        }
    }
}
