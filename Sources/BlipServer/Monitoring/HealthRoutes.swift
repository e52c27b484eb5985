import BLIP
import Hummingbird
import Synchronization

/// Whether the server lives, whether it takes requests, and what it did.
struct HealthRoutes: Sendable {
    let admission: Admission
    let connections: ConnectionLimiter
    let metrics: Metrics
    let readiness: Readiness
    let version: String
    let cameras: (any CameraMonitor)?

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/health/live") { _, _ in try Response(json: ["status": "live"]) }
        router.get("/health/ready") { _, _ in
            try readiness.check()
            return try Response(json: ["status": "ready"])
        }
        router.get("/metrics") { _, _ in
            let gauges = [
                Metrics.Gauge(name: "blip_queue_depth", value: Double(admission.count)),
                Metrics.Gauge(name: "blip_connections", value: Double(connections.count)),
                Metrics.Gauge(
                    name: "blip_build_info", labels: [("version", version)], value: 1),
            ]
            let text = metrics.exposition(
                gauges: gauges + ProcessMetrics.now + (await cameras?.gauges() ?? []))
            return Response(text.utf8, type: "text/plain; version=0.0.4; charset=utf-8")
        }
    }
}

/// Whether new requests are wanted.
final class Readiness: Sendable {
    private let state = Mutex(true)

    var isReady: Bool { state.withLock(\.self) }

    /// Refuses where they are not.
    func check() throws(ServiceError) {
        guard isReady else {
            throw ServiceError(.serviceUnavailable, "not_ready", "The server is ending")
        }
    }

    func end() { state.withLock { $0 = false } }
}
