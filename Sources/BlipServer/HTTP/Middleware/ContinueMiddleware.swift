import HTTPTypes
import Hummingbird
import NIOHTTPTypes

/// Tells clients that ask whether they shall send their body (`Expect: 100-continue`, RFC 9110) to do so,
/// once they may use the server; curl waits a second for it with any picture over a megabyte.
struct ContinueMiddleware: RouterMiddleware {
    typealias Context = ServiceRequestContext

    func handle(
        _ request: Request, context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        if request.headers[.expect]?.lowercased() == "100-continue",
            // A body that is too large is refused instead.
            request.headers[.contentLength].flatMap(Int.init).map({ $0 <= Limits.bodyBytes })
                ?? true
        {
            try await context.channel.writeAndFlush(
                HTTPResponsePart.head(HTTPResponse(status: .continue)))
        }
        return try await next(request, context)
    }
}
