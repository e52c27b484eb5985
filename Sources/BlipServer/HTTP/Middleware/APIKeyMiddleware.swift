import Hummingbird

/// Refuses requests without a key where there are any, but those that ask for the server's health.
struct APIKeyMiddleware: RouterMiddleware {
    typealias Context = ServiceRequestContext
    let credentials: Credentials

    func handle(
        _ request: Request, context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        if path.hasPrefix("/health/") || path.hasPrefix("/v2/health/")
            || credentials.apiKeys?.allow(request.headers) ?? true
        {
            return try await next(request, context)
        }
        throw ServiceError(
            .unauthorized, "invalid_api_key",
            "This server wants an API key; send it as Authorization: Bearer KEY")
    }
}
