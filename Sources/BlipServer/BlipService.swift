public import BLIP
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
public import Logging
import NIOCore
public import ServiceLifecycle
import Synchronization

/// A server that captions pictures, answers questions about them and matches them with texts, for
/// every program on the network.
///
/// It speaks a plain protocol of its own, OpenAI's chat completions, Ollama's and the Open Inference
/// Protocol, over HTTP/1.1 or HTTPS.
/// One model serves all requests; what is in flight at the same time shares batches.
public struct BlipService: Service {
    let admission: Admission
    let connections: ConnectionLimiter
    private let inference: Inference
    private let metrics: Metrics
    private let version: String
    private let configuration: ServiceConfiguration
    private let logger: Logger
    private let onReady: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - model: prepared for what it shall do, so that the first request does not wait for it.
    ///   - name: what clients call the model.
    ///   - configuration: where and for whom.
    ///   - logger: is given a line a request.
    ///   - version: of the program, for clients that ask.
    ///   - onReady: called once requests are taken, with the port.
    public init(
        model: BlipModel, name: String, configuration: ServiceConfiguration = .init(),
        logger: Logger = Logger(label: "blip"), version: String = "0",
        onReady: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        let metrics = Metrics()
        inference = Inference(
            model: model, name: name, cacheBytes: configuration.cacheBytes,
            batchRows: configuration.batchRows, fetcher: configuration.fetcher,
            metrics: metrics)
        self.metrics = metrics
        admission = Admission(limit: configuration.maximumQueue)
        connections = ConnectionLimiter(limit: configuration.maximumConnections)
        self.configuration = configuration
        self.logger = logger
        self.version = version
        self.onReady = onReady
    }

    /// Serves until the task is cancelled, or its service group shuts down gracefully: then running
    /// requests are finished first.
    ///
    /// - Throws: ``ServiceAddressError`` where it cannot listen.
    public func run() async throws {
        let readiness = Readiness()
        let router = routes(readiness)
        router.refuseOtherMethods()
        let isListening = Mutex(false)
        let application = Application(
            router: router,
            server: try server(),
            configuration: .init(
                address: .hostname(configuration.host, port: configuration.port), backlog: 1024,
                availableConnectionsDelegate: connections),
            onServerRunning: { channel in
                isListening.withLock { $0 = true }
                await onReady(channel.localAddress?.port ?? configuration.port)
            },
            logger: quietLogger)
        let group = ServiceGroup(
            services: [application], logger: Logger(label: "blip") { _ in SwiftLogNoOpLogHandler() }
        )
        // Detached, since this task's shutdown is the application's only when it is drained.
        let running = Task.detached { try await group.run() }
        try await withTaskCancellationHandler {
            try await withGracefulShutdownHandler {
                do {
                    try await running.value
                } catch let error as IOError where !isListening.withLock(\.self) {
                    throw ServiceAddressError(error, configuration)
                } catch let error as SocketAddressError.UnknownHost {
                    throw ServiceAddressError(unknownHost: error.host)
                } catch  where !readiness.isReady {
                    logger.warning(
                        "ended with requests unanswered", metadata: ["error": "\(error)"])
                }
            } onGracefulShutdown: {
                readiness.end()
                let limit = Task {
                    await drain(group)
                    running.cancel()
                }
                Task {
                    _ = await running.result
                    limit.cancel()
                }
            }
        } onCancel: {
            running.cancel()
        }
    }

    /// Still takes requests while some are running, so that whoever asks is told that it is not ready;
    /// then has the application end, and returns when the time for that is over.
    private func drain(_ group: ServiceGroup) async {
        let end = ContinuousClock.now + configuration.timeouts.drain
        while admission.count > 0, ContinuousClock.now < end, !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(10))
        }
        await group.triggerGracefulShutdown()
        try? await Task.sleep(until: end)
    }

    private func server() throws -> HTTPServerBuilder {
        let http = HTTPServerBuilder { [timeouts = configuration.timeouts, connections] responder in
            HTTPChannel(responder: responder, timeouts: timeouts, connections: connections)
        }
        guard let certificate = configuration.certificate else { return http }
        return try .tls(http, tlsConfiguration: certificate.configuration)
    }

    /// All that is served.
    func routes(_ readiness: Readiness) -> Router<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        if !configuration.origins.isEmpty {
            router.add(middleware: CORSMiddleware(origins: configuration.origins))
        }
        router.add(
            middleware: RequestObserver(logger: logger, metrics: metrics, readiness: readiness))
        router.add(middleware: HostMiddleware(configuration))
        if let keys = configuration.apiKeys { router.add(middleware: APIKeyMiddleware(keys: keys)) }
        HealthRoutes(
            admission: admission, connections: connections, metrics: metrics,
            readiness: readiness, version: version
        ).add(to: router)
        NativeRoutes(inference: inference, admission: admission, version: version).add(to: router)
        OpenAIRoutes(inference: inference, admission: admission).add(to: router)
        OllamaRoutes(inference: inference, admission: admission, version: version).add(to: router)
        OpenInferenceRoutes(
            inference: inference, admission: admission, readiness: readiness, version: version
        ).add(to: router)
        PageRoutes.add(to: router)
        return router
    }

    /// The HTTP library's own lines matter only where something is wrong.
    private var quietLogger: Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }
}
