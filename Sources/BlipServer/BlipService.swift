public import BLIP
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
public import Logging
public import ServiceLifecycle

/// A server that captions pictures, answers questions about them and matches them with texts, for
/// every program on the network.
///
/// It speaks a plain protocol of its own, OpenAI's chat completions, responses and embeddings, Ollama's and
/// the Open Inference Protocol, over HTTP/1.1 or HTTPS.
/// One model serves all requests; what is in flight at the same time shares batches.
public struct BlipService: Service {
    let admission: Admission
    let connections: ConnectionLimiter
    private let credentials: Credentials
    private let inference: Inference
    private let metrics: Metrics
    private let version: String
    private let configuration: ServiceConfiguration
    private let logger: Logger
    private let onReady: @Sendable (Int) async -> Void
    /// Told the management port, once requests are taken there.
    var onManagementReady: @Sendable (Int) async -> Void = { _ in }
    var releaseMemory: @Sendable () -> Void = { ProcessMemory.releaseFreed() }

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
        let metrics = configuration.metrics
        inference = Inference(
            model: model, name: name, cacheBytes: configuration.cacheBytes,
            batchRows: configuration.rows(for: model), fetcher: configuration.fetcher,
            imageSizes: configuration.imageSizes, labelWords: configuration.labelWords,
            longPrompts: configuration.longPrompts,
            acceptsMoreFormats: configuration.acceptsMoreFormats,
            metrics: metrics)
        self.metrics = metrics
        admission = Admission(
            limit: configuration.maximumQueue, requestTimeout: configuration.requestTimeout)
        connections = ConnectionLimiter(limit: configuration.maximumConnections)
        credentials = Credentials(
            apiKeys: configuration.apiKeys, certificate: configuration.certificate)
        self.configuration = configuration
        self.logger = logger
        self.version = version
        self.onReady = onReady
    }

    /// Puts other keys and another certificate in force, for requests and connections from now on: after
    /// their files changed, say. What is `nil` stays as it is; a server that asks for no key, or speaks
    /// HTTP, goes on so.
    package func replace(apiKeys: APIKeys? = nil, certificate: ServerCertificate? = nil) {
        credentials.replace(apiKeys: apiKeys, certificate: certificate)
    }

    /// Serves until the task is cancelled, or its service group shuts down gracefully: then running
    /// requests are finished first.
    ///
    /// - Throws: ``ServiceAddressError`` where it cannot listen.
    public func run() async throws {
        let readiness = Readiness()
        let group = ServiceGroup(
            services: try listeners(readiness),
            logger: Logger(label: "blip") { _ in SwiftLogNoOpLogHandler() })
        let memory = Task { await releaseMemoryWhenQuiet() }
        let idle = Task { await unloadWhenIdle() }
        defer {
            memory.cancel()
            idle.cancel()
        }
        // Detached, since this task's shutdown is the listeners' only when it is drained.
        let running = Task.detached { try await group.run() }
        try await withTaskCancellationHandler {
            try await withGracefulShutdownHandler {
                do {
                    try await running.value
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
    /// then has the listeners end, and returns when the time for that is over. From half of the time on
    /// requests are refused: otherwise clients that go on asking would have some that are cut at its end.
    private func drain(_ group: ServiceGroup) async {
        let begin = ContinuousClock.now
        let end = begin + configuration.drainTimeout
        while admission.count > 0, ContinuousClock.now < end, !Task.isCancelled {
            if ContinuousClock.now - begin > configuration.drainTimeout / 2 { admission.close() }
            try? await Task.sleep(for: .milliseconds(10))
        }
        await group.triggerGracefulShutdown()
        try? await Task.sleep(until: end)
    }

    /// Gives freed memory back to the system when no request has come for a while: the allocator keeps it
    /// for the next inference, which is worth it only while there are some.
    private func releaseMemoryWhenQuiet() async {
        var (seen, released) = (0, 0)
        while (try? await Task.sleep(for: configuration.quietTime)) != nil {
            let total = admission.total
            if total == seen, total > released, admission.count == 0 {
                releaseMemory()
                released = total
            }
            seen = total
        }
    }

    /// Lets go of the model's memory, and of pictures', where the configuration says when.
    private func unloadWhenIdle() async {
        guard let time = configuration.unloadTime else { return }
        while (try? await Task.sleep(for: min(time / 4, .seconds(1)))) != nil {
            guard admission.count == 0, await inference.unload(unusedFor: time) else { continue }
            releaseMemory()
            logger.info("let go of the model's memory: nobody has asked it for a while")
        }
    }

    private func listeners(_ readiness: Readiness) throws -> [Listener] {
        let router = routes(readiness)
        router.refuseOtherMethods()
        let http = { (connections: ConnectionLimiter) in
            HTTPServerBuilder { [timeouts = configuration.timeouts] responder in
                HTTPChannel(responder: responder, timeouts: timeouts, connections: connections)
            }
        }
        let server = try credentials.tlsConfiguration.map {
            try HTTPServerBuilder.tls(http(connections), tlsConfiguration: $0)
        }
        var listeners = [
            Listener(
                responder: router.buildResponder(), server: server ?? http(connections),
                host: configuration.host,
                port: configuration.port, connections: connections, logger: quietLogger,
                onReady: onReady)
        ]
        if let port = configuration.managementPort {
            let router = Router(
                context: ServiceRequestContext.self, options: .autoGenerateHeadEndpoints)
            router.add(middleware: observer(readiness))
            healthRoutes(readiness).add(to: router)
            router.refuseOtherMethods()
            // Connections of its own: those of clients cannot keep a probe waiting.
            listeners.append(
                Listener(
                    responder: router.buildResponder(),
                    server: http(ConnectionLimiter(limit: .max)),
                    host: configuration.host, port: port, logger: quietLogger,
                    onReady: onManagementReady))
        }
        return listeners
    }

    private func observer(_ readiness: Readiness) -> RequestObserver {
        RequestObserver(
            logger: logger, trustedProxies: configuration.trustedProxies, metrics: metrics,
            readiness: readiness)
    }

    private func healthRoutes(_ readiness: Readiness) -> HealthRoutes {
        HealthRoutes(
            admission: admission, connections: connections, metrics: metrics,
            readiness: readiness, version: version, cameras: configuration.cameras)
    }

    /// All that is served.
    func routes(_ readiness: Readiness) -> Router<ServiceRequestContext> {
        let router = Router(
            context: ServiceRequestContext.self, options: .autoGenerateHeadEndpoints)
        if !configuration.origins.isEmpty {
            router.add(middleware: CORSMiddleware(origins: configuration.origins))
        }
        router.add(middleware: observer(readiness))
        router.add(middleware: HostMiddleware(configuration))
        router.add(middleware: APIKeyMiddleware(credentials: credentials))
        router.add(middleware: ContinueMiddleware())
        healthRoutes(readiness).add(to: router)
        NativeRoutes(
            inference: inference, admission: admission, version: version,
            hasCameras: configuration.cameras != nil,
            hasLibrary: configuration.library != nil
        ).add(to: router)
        OpenAIRoutes(inference: inference, admission: admission).add(to: router)
        OllamaRoutes(inference: inference, admission: admission, version: version).add(to: router)
        OpenInferenceRoutes(
            inference: inference, admission: admission, readiness: readiness, version: version
        ).add(to: router)
        LibraryRoutes(
            library: configuration.library,
            thumbnails: ThumbnailStore(
                folder: configuration.thumbnailFolder,
                acceptsMoreFormats: configuration.acceptsMoreFormats),
            modelName: inference.name, admission: admission
        ).add(to: router)
        PageRoutes.add(to: router)
        if let monitor = configuration.cameras {
            CameraRoutes(monitor: monitor, admission: admission).add(to: router)
        }
        return router
    }

    /// The HTTP library's own lines matter only where something is wrong.
    private var quietLogger: Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }
}
