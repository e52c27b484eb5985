import BLIP
import Foundation
import Hummingbird
import Logging

/// What surrounds every request: its id, errors in its protocol's form, a log line and metrics.
struct RequestObserver: RouterMiddleware {
    typealias Context = ServiceRequestContext
    let logger: Logger
    let trustedProxies: Set<String>
    let metrics: Metrics
    let readiness: Readiness

    func handle(
        _ request: Request, context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let id = Self.id(of: request)
        var log = logger
        log[metadataKey: "request_id"] = "\(id)"
        var inner = context
        inner.logger = log
        let known = { @Sendable [log] (error: any Error) in
            let known = Task.isCancelled ? ServiceError.clientGone : ServiceError(error)
            if known.status.code >= 500 {
                log.error("failed", metadata: ["error": "\(error)"])
            }
            return known
        }
        var response: Response
        var failure: ServiceError?
        do {
            response = try await next(request, inner)
        } catch {
            let known = known(error)
            failure = known
            response = try ErrorFormat(path: request.uri.path).response(known)
        }
        response.headers["x-request-id"] = id
        response.headers["x-content-type-options"] = "nosniff"
        // Who asks next shall ask another server.
        if !readiness.isReady { response.headers[.connection] = "close" }
        let status = response.status.code
        let client = context.client(of: request, trustedProxies: trustedProxies)
        let finish = { @Sendable [log, metrics] (failure: ServiceError?) in
            let status = failure?.status.code ?? status
            let seconds = (ContinuousClock.now - start).seconds
            let route = context.endpointPath ?? "none"
            let labels = [("route", route), ("status", "\(status)")]
            metrics.count("blip_requests_total", labels)
            if status >= 400 { metrics.count("blip_failures_total", labels) }
            metrics.observe(seconds, in: "blip_request_seconds", [("route", route)])
            log.log(
                // Probes come every few seconds, and say nothing new.
                level: Self.isProbe(route) && status < 400 ? .debug : .info, "request",
                metadata: [
                    "client": "\(client ?? "-")", "method": "\(request.method)",
                    "path": "\(request.uri.path.prefix(200))",
                    "status": "\(status)", "ms": "\((seconds * 10_000).rounded() / 10)",
                    "error": "\(failure?.code ?? "-")",
                ])
        }
        guard response.body.contentLength == nil else {
            finish(failure)
            return response
        }
        // A stream ends later.
        let body = response.body
        response.body = ResponseBody { writer in
            do {
                try await body.write(writer)
                finish(nil)
            } catch {
                finish(known(error))
                throw error
            }
        }
        return response
    }

    private static func isProbe(_ route: String) -> Bool {
        route == "/metrics" || ["/health/", "/v2/health/"].contains(where: route.hasPrefix)
    }

    /// The client's own id where it is harmless in a log, else a new one.
    private static func id(of request: Request) -> String {
        let isHarmless = { (id: String) in
            (1...128).contains(id.utf8.count)
                && id.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
        }
        if let id = request.headers["x-request-id"], isHarmless(id) { return id }
        return UUID().uuidString.lowercased()
    }
}
