import Hummingbird

/// Lets pages of other origins use the server (CORS, WHATWG Fetch), where they are allowed to.
struct CORSMiddleware: RouterMiddleware {
    typealias Context = ServiceRequestContext
    /// As browsers send them, such as `https://example.org`; `*` for all.
    let origins: Set<String>

    func handle(
        _ request: Request, context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let origin = request.headers[.origin], let allowed = allowed(origin) else {
            return try await next(request, context)
        }
        var response: Response
        if request.method == .options, request.headers.contains(.accessControlRequestMethod) {
            // Asked before the request itself, and without a key.
            response = Response(
                status: .noContent,
                headers: [
                    .accessControlAllowMethods: "GET, POST",
                    // Clients send headers of their own, such as x-stainless-os; keys protect.
                    .accessControlAllowHeaders:
                        request.headers[.accessControlRequestHeaders] ?? "content-type",
                    .accessControlMaxAge: "600",
                ])
        } else {
            response = try await next(request, context)
            response.headers[.accessControlExposeHeaders] =
                "x-request-id, retry-after, inference-header-content-length"
        }
        response.headers[.accessControlAllowOrigin] = allowed
        response.headers[.vary] = "Origin, Access-Control-Request-Headers"
        return response
    }

    private func allowed(_ origin: String) -> String? {
        origins.contains("*") ? "*" : origins.contains(origin) ? origin : nil
    }
}
