import Foundation
import BlipHub
import Testing

@Suite("Pulling through a proxy, and over TLS")
struct ProxyTests {
    /// hub.test is a name that only the proxy knows.
    @Test func throughAProxy() async throws {
        try await HubServer.run { server in
            let hub = try server.hub([
                "HF_ENDPOINT": server.endpoint(host: "hub.test").absoluteString,
                "HTTP_PROXY": "http://known:p%40ss@\(server.proxy)", "HF_TOKEN": "secret",
            ])
            try server.expectWhole(try await server.pull(hub).snapshot)
            let tunnels = try await server.requests().filter(\.proxied)
            #expect(Set(tunnels.map(\.path)).count == 2, "the hub's, and that of the large files")
            // The password is for the proxy, the token for the hub.
            #expect(tunnels.allSatisfy { $0.token?.hasPrefix("Basic ") == true })
        }
    }

    @Test func pastAProxy() async throws {
        try await HubServer.run { server in
            let hub = try server.hub([
                "HTTP_PROXY": "http://127.0.0.1:1", "NO_PROXY": "localhost,127.0.0.0/8",
            ])
            try server.expectWhole(try await server.pull(hub).snapshot)
        }
    }

    @Test func proxiesThatRefuse() async throws {
        try await HubServer.run { server in
            for (address, proxy, naming) in [
                ("http://hub.test:1", "http://127.0.0.1:1", "127.0.0.1:1 of HTTP_PROXY cannot be"),
                ("http://hub.test:1", "http://known:no@\(server.proxy)", "NAME:PASSWORD"),
                ("http://forbidden.test:1", "http://\(server.proxy)", "through to forbidden.test"),
            ] {
                var configuration = try server.hub(["HF_ENDPOINT": address, "HTTP_PROXY": proxy])
                    .configuration
                configuration.backoff = .seconds(60)
                let error = try await server.refusal(Hub(configuration))
                #expect(error.message.contains(naming), "\(error)")
            }
        }
    }

    @Test func overTLS() async throws {
        try await HubServer.run { server in
            try await HubServer.withCertificates { folder in
                let certificate = folder.appending(path: "localhost.pem").path
                for (variable, value) in [
                    ("SSL_CERT_FILE", certificate), ("REQUESTS_CA_BUNDLE", certificate),
                    ("SSL_CERT_DIR", folder.path),
                ] {
                    for proxy in ["", "http://\(server.proxy)"] {
                        try? FileManager.default.removeItem(at: server.cache)
                        let hub = try server.hub([
                            "HF_ENDPOINT": server.encrypted, variable: value, "HTTPS_PROXY": proxy,
                        ])
                        try server.expectWhole(try await server.pull(hub).snapshot)
                    }
                }
            }
        }
    }

    /// An endpoint may send everybody to another host, which then gets no token.
    @Test func anEndpointThatMoved() async throws {
        try await HubServer.run { server in
            let hub = try server.hub([
                "HF_ENDPOINT": server.endpoint(fault: "moved").absoluteString, "HF_TOKEN": "secret",
            ])
            try server.expectWhole(try await server.pull(hub).snapshot)
            let requests = try await server.requests()
            #expect(requests.contains { $0.token == nil } && requests.contains { $0.token != nil })
        }
    }
}
