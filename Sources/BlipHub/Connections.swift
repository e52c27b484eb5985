import AsyncHTTPClient
import Foundation
import NIOCore
import NIOSSL

/// HTTP clients by the proxy that they go through: one client knows one proxy.
actor Connections {
    private struct Route: Hashable {
        let proxy: Proxy?
        let isEncrypted: Bool
    }

    private let configuration: HubConfiguration
    private var clients: [Route: HTTPClient] = [:]

    init(_ configuration: HubConfiguration) { self.configuration = configuration }

    /// - Throws: ``HubError`` where the environment names a proxy or certificates that are none.
    func client(for address: URL) throws -> (client: HTTPClient, proxy: Proxy?) {
        let proxy = try configuration.proxies.proxy(for: address)
        let route = Route(proxy: proxy, isEncrypted: address.scheme?.lowercased() == "https")
        if let client = clients[route] { return (client, proxy) }
        var options = HTTPClient.Configuration(redirectConfiguration: .disallow)
        let idle = configuration.idleTimeout.components
        options.timeout = .init(
            connect: .seconds(10),
            read: .nanoseconds(idle.seconds * 1_000_000_000 + idle.attoseconds / 1_000_000_000))
        // What cannot be connected to is told at once, and tried again from here.
        options.connectionPool.retryConnectionEstablishment = false
        // Some mirrors compress unasked. How much may come is checked by whoever reads.
        options.decompression = .enabled(limit: .none)
        options.proxy = proxy?.route
        if route.isEncrypted {
            var encryption = TLSConfiguration.makeClientConfiguration()
            encryption.trustRoots = try configuration.trustRoots.load()
            options.tlsConfiguration = encryption
        }
        let client = HTTPClient(configuration: options)
        clients[route] = client
        return (client, proxy)
    }

    func shutdown() async {
        for client in clients.values { try? await client.shutdown() }
        clients = [:]
    }
}
