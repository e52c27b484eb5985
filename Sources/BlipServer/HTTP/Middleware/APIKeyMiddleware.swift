import Hummingbird

/// Refuses requests without a key, but those that ask for the server's health.
struct APIKeyMiddleware: RouterMiddleware {
    typealias Context = BasicRequestContext
    let keys: APIKeys

    func handle(
        _ request: Request, context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        if path.hasPrefix("/health/") || path.hasPrefix("/v2/health/")
            || keys.allow(request.headers)
        {
            return try await next(request, context)
        }
        throw ServiceError(
            .unauthorized, "invalid_api_key",
            "This server wants an API key; send it as Authorization: Bearer KEY")
    }
}
