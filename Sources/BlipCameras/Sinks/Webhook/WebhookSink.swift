import AsyncHTTPClient
import Foundation
import Logging
import NIOCore

/// Posts events to an address, in their order; what cannot be posted waits on disk.
actor WebhookSink: EventSink {
    private var configuration: WebhookConfiguration
    private let client: HTTPClient
    private let retryDelays: ClosedRange<Duration>
    private var queue: WebhookQueue
    private var diskTrouble: Trouble
    private var trouble: Trouble
    private let logger: Logger
    private var isPosting = false
    /// The request that is not answered yet.
    private var exchange: Task<(UInt, String?), any Error>?
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - file: of the watch's configuration; the queue's folder is beside it, unless told.
    ///   - retryDelays: the first wait, which doubles up to the longest.
    init(
        _ configuration: WebhookConfiguration, file: URL?, logger: Logger,
        retryDelays: ClosedRange<Duration> = .seconds(1)...Duration.seconds(60)
    ) {
        self.configuration = configuration
        self.retryDelays = retryDelays
        self.logger = logger
        queue = WebhookQueue(
            folder: configuration.queue ?? file.map { $0.appendingPathExtension("webhook-queue") },
            limit: configuration.limit)
        diskTrouble = Trouble(logger: logger)
        trouble = Trouble(logger: logger)
        var options = HTTPClient.Configuration(redirectConfiguration: .disallow)
        options.timeout = .init(connect: .seconds(10), read: .seconds(10))
        options.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(configuration: options)
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Events that wait.
    var count: Int { queue.count }

    func send(_ event: CameraEvent, picture: EventPicture) {
        append(id: event.id, IdentifiedEvent(event: event))
    }

    func send(_ availability: CameraAvailability) async {
        append(id: "\(availability.camera)@\(availability.time.eventTime)", availability)
    }

    private func append(id: String, _ object: some Encodable) {
        do {
            let dropped = try queue.append(id: id, body: try JSONEncoder.events.encode(object))
            diskTrouble.end("Events for the webhook are kept on disk again.")
            if dropped > 0 {
                logger.warning(
                    """
                    More than \(configuration.limit) events wait for the webhook, and the oldest was \
                    dropped; check \(host).
                    """)
            }
        } catch {
            diskTrouble.tell(
                "Events for the webhook cannot be kept on disk and wait in memory: check that the "
                    + "queue's folder may be written and its disk has room.")
        }
        wake.yield()
    }

    func run() async {
        var delay = retryDelays.lowerBound
        while !Task.isCancelled {
            guard let wait = await post() else {
                delay = retryDelays.lowerBound
                var iterator = wakes.makeAsyncIterator()
                if queue.count == 0, await iterator.next() == nil { return }
                continue
            }
            let patience = max(wait, delay * Double.random(in: 0.8...1.2))
            guard (try? await Task.sleep(for: patience)) != nil else { return }
            delay = min(delay * 2, retryDelays.upperBound)
        }
    }

    /// Posts the oldest event, if there is one.
    ///
    /// - Returns: the least wait before the next try; `nil` where all is well.
    private func post() async -> Duration? {
        // `finish` and `run` must not post the same event.
        guard !isPosting else { return .zero }
        guard let entry = queue.first() else { return nil }
        isPosting = true
        defer { isPosting = false }
        do {
            let request = WebhookRequest.request(entry, to: configuration)
            let (status, retryAfter) = try await answer(to: request)
            switch WebhookOutcome(status: status, retryAfter: retryAfter) {
            case .taken:
                queue.remove(entry.number)
                trouble.end("The webhook at \(host) takes events again.")
            case .refused:
                queue.remove(entry.number)
                logger.warning(
                    """
                    The webhook at \(host) refused the event \(entry.id) with status \
                    \(status), and it was dropped; look at the receiver's log.
                    """)
            case .later(let wait):
                trouble.tell(
                    "The webhook at \(host) answers with status \(status); events wait, "
                        + "look at the receiver's log.")
                return wait ?? .zero
            }
            return nil
        } catch {
            if !(error is CancellationError) {
                trouble.tell(
                    "The webhook at \(host) cannot be reached; events wait, check its address and that "
                        + "it runs.")
            }
            return .zero
        }
    }

    /// The body is not read: a receiver may send it byte by byte, for hours.
    private func answer(to request: HTTPClientRequest) async throws -> (UInt, String?) {
        let exchange = Task { [client] in
            let response = try await client.execute(request, timeout: .seconds(20))
            return (response.status.code, response.headers.first(name: "retry-after"))
        }
        self.exchange = exchange
        defer { self.exchange = nil }
        return try await withTaskCancellationHandler {
            try await exchange.value
        } onCancel: {
            exchange.cancel()
        }
    }

    func reload(_ configuration: WatchConfiguration) async {
        guard let webhook = configuration.webhook else { return }
        self.configuration = webhook
        wake.yield()
    }

    /// In a task of its own: whoever ends the watch may have been cancelled.
    func finish() async { await Task { await sendLast() }.value }

    private func sendLast() async {
        let posting = Task {
            while queue.count > 0, !Task.isCancelled {
                if isPosting {
                    try? await Task.sleep(for: .milliseconds(10))
                } else if await post() != nil {
                    break
                }
            }
        }
        // A receiver that takes an event and never answers.
        let patience = Task {
            try await Task.sleep(for: .seconds(3))
            posting.cancel()
        }
        await posting.value
        patience.cancel()
        exchange?.cancel()
        wake.finish()
        try? await client.shutdown()
    }

    /// An address may hold a password or a token; its host does not.
    private var host: String { configuration.url.host() ?? "its address" }
}
