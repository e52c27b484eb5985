import Foundation
import Hummingbird
import NIOCore

/// Refuses requests without exactly one `Host` (RFC 9112, 3.2) and, where only this machine may ask,
/// those by a name that is not its own: whose page a browser shows may let its name lead here (DNS
/// rebinding), and then send what it likes.
struct HostMiddleware: RouterMiddleware {
    typealias Context = ServiceRequestContext
    /// Names besides the machine's own; `nil` where every name will do.
    let names: Set<String>?

    private static let machineName = ProcessInfo.processInfo.hostName.lowercased()

    init(_ configuration: ServiceConfiguration) {
        // A foreign page has no key.
        names =
            configuration.isLoopback && configuration.apiKeys == nil
            ? Set(configuration.names.map { $0.lowercased() }) : nil
    }

    func handle(
        _ request: Request, context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        // The first field is the authority; others stay among the headers.
        guard let authority = request.head.authority, request.headers["host"] == nil else {
            throw ServiceError.invalid(
                "A request has one Host field, the server's name; send it so")
        }
        let host = Self.host(of: authority)
        guard isAllowed(host) else {
            throw ServiceError(
                .forbidden, "host_refused",
                "This server is for its own machine, and does not answer to the name "
                    + "\(host.prefix(80)); use localhost, or start it with --server-name "
                    + "\(host.prefix(80))")
        }
        return try await next(request, context)
    }

    /// The name or address, in lower case, without its port.
    private static func host(of authority: String) -> String {
        let text = authority.lowercased()
        if text.hasPrefix("[") { return String(text.dropFirst().prefix { $0 != "]" }) }
        let name = text.prefix { $0 != ":" }
        // A dot at the end says that the name is whole.
        return String(name.hasSuffix(".") ? name.dropLast() : name)
    }

    private func isAllowed(_ host: String) -> Bool {
        guard let names else { return true }
        // Names without a dot and of these ends are nobody's on the internet, and addresses lead
        // nowhere else.
        return !host.contains(".") || names.contains(host)
            || [".localhost", ".local", ".internal"].contains(where: host.hasSuffix)
            || host == Self.machineName
            || (try? SocketAddress(ipAddress: host, port: 0)) != nil
    }
}
