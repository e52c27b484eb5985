import Foundation
import Hummingbird
import NIOCore

/// What is known of a request besides its message.
struct ServiceRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// The client's address. Of `X-Forwarded-For`, to which each proxy adds whom it has the request from,
    /// the last that is no trusted proxy itself; anybody may have written what stands before it.
    func client(of request: Request, trustedProxies: Set<String>) -> String? {
        let forwarded = (request.headers["x-forwarded-for"] ?? "").split(separator: ",")
            .map { $0.trimmingCharacters(in: .whitespaces) }
        // Whoever is at the other end of the connection: the client, or a proxy.
        var client = channel.remoteAddress?.ipAddress
        for address in forwarded.reversed() {
            guard let last = client, trustedProxies.contains(last),
                (try? SocketAddress(ipAddress: address, port: 0)) != nil
            else { break }
            client = address
        }
        return client
    }
}
