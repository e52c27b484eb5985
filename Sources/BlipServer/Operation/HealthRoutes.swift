import Hummingbird
import Synchronization

/// Whether the server lives, whether it takes requests, and what it did.
struct HealthRoutes: Sendable {
    let admission: Admission
    let connections: Connections
    let metrics: Metrics
    let readiness: Readiness

    func add(to router: Router<BasicRequestContext>) {
        router.get("/health/live") { _, _ in try jsonResponse(["status": "live"]) }
        router.get("/health/ready") { _, _ in
            try readiness.check()
            return try jsonResponse(["status": "ready"])
        }
        router.get("/metrics") { _, _ in
            var headers = HTTPFields()
            headers[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
            let text = metrics.exposition(gauges: [
                ("blip_queue_depth", admission.count), ("blip_connections", connections.count),
            ])
            return Response(
                status: .ok, headers: headers,
                body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
    }
}

/// Whether new requests are wanted.
final class Readiness: Sendable {
    private let state = Mutex(true)

    /// Refuses where they are not.
    func check() throws(ServiceError) {
        guard state.withLock({ $0 }) else {
            throw ServiceError(.serviceUnavailable, "not_ready", "The server is ending")
        }
    }

    func end() { state.withLock { $0 = false } }
}
