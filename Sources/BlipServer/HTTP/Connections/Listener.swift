import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// A port that requests are taken on.
struct Listener: Service {
    let responder: RouterResponder<ServiceRequestContext>
    let server: HTTPServerBuilder
    let host: String
    let port: Int
    var connections: ConnectionLimiter?
    let logger: Logger
    /// Called once requests are taken, with the port.
    var onReady: @Sendable (Int) async -> Void = { _ in }

    /// - Throws: ``ServiceAddressError`` where it cannot listen.
    func run() async throws {
        let isListening = Mutex(false)
        let application = Application(
            responder: responder, server: server,
            configuration: .init(
                address: .hostname(host, port: port), backlog: 1024,
                availableConnectionsDelegate: connections),
            onServerRunning: { channel in
                isListening.withLock { $0 = true }
                await onReady(channel.localAddress?.port ?? port)
            },
            logger: logger)
        do {
            try await application.run()
        } catch let error as IOError where !isListening.withLock(\.self) {
            throw ServiceAddressError(error, host: host, port: port)
        } catch let error as SocketAddressError.UnknownHost {
            throw ServiceAddressError(unknownHost: error.host)
        }
    }
}
