import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Testing

@testable import BlipServer

/// Clients that hold on to what others need. Their times are cut short; none is measured.
@Suite("Connections", .serialized, .timeLimit(.minutes(10)))
struct ConnectionTests {
    private let head = "Host: blip\r\nContent-Type: image/png\r\n"

    private func configuration(_ change: (inout ConnectionTimeouts) -> Void) -> ServiceConfiguration
    {
        var configuration = ServiceConfiguration()
        change(&configuration.timeouts)
        return configuration
    }

    @Test func theBodyOfARefusedRequestIsNotReadToItsEnd() async throws {
        let configuration = configuration { $0.answeredBody = .milliseconds(100) }
        try await RunningServer.with(configuration) { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(
                    "POST /v1/captions HTTP/1.1\r\n\(head)Content-Length: 99999999999\r\n\r\nx")
                // Ends, and so was closed.
                #expect(try await connection.rest().hasPrefix("HTTP/1.1 413 "))
            }
        }
    }

    @Test func aBodyThatEndsAfterItsAnswerKeepsTheConnection() async throws {
        let configuration = configuration { $0.answeredBody = .seconds(30) }
        try await RunningServer.with(configuration) { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(
                    "POST /nothing HTTP/1.1\r\n\(head)Content-Length: 2\r\n\r\nx")
                #expect(try await connection.first()?.hasPrefix("HTTP/1.1 404 ") == true)
                try await connection.send(
                    "yGET /health/live HTTP/1.1\r\n\(head)\r\n"
                        + "GET /health/live HTTP/1.1\r\n\(head)Connection: close\r\n\r\n")
                let rest = try await connection.rest()
                #expect(rest.components(separatedBy: "HTTP/1.1 200 ").count == 3, "\(rest)")
            }
        }
    }

    @Test func aClientThatDoesNotReadIsGivenUp() async throws {
        let configuration = configuration { $0.write = .milliseconds(100) }
        try await RunningServer.with(configuration) { server in
            try await RawConnection.with(port: server.port, reads: false) { connection in
                // More than the buffers between the two hold.
                try await connection.send(
                    String(repeating: "GET / HTTP/1.1\r\n\(head)\r\n", count: 2_000))
                while server.service.connections.count == 0 { await Task.yield() }
                while server.service.connections.count > 0 {
                    try await Task.sleep(for: .milliseconds(10))
                }
            }
        }
    }

    @Test func aHeadThatDoesNotEndIsGivenUp() async throws {
        try await RunningServer.with(configuration { $0.idle = .milliseconds(100) }) { server in
            try await RawConnection.with(port: server.port) { connection in
                // Where the machine stands still for as long, it is given up before that arrives.
                try? await connection.send("GET / HTTP/1.1\r\nHost: bl")
                let rest = try await connection.rest()
                #expect(rest == "")
            }
        }
    }

    @Test func aConnectionOverTheLimitWaits() async throws {
        var configuration = ServiceConfiguration()
        configuration.maximumConnections = 1
        try await RunningServer.with(configuration) { server in
            let get = "GET /health/live HTTP/1.1\r\n\(head)\r\n"
            try await RawConnection.with(port: server.port) { first in
                // Has a request, as its interim answer shows.
                try await first.send(
                    "POST /v1/captions HTTP/1.1\r\n\(head)Content-Length: 9\r\n"
                        + "Expect: 100-continue\r\n\r\n")
                #expect(try await first.first()?.hasPrefix("HTTP/1.1 100 ") == true)
                try await RawConnection.with(port: server.port) { second in
                    try await second.send(get)
                    try await Task.sleep(for: .milliseconds(50))
                    #expect(server.service.connections.count == 1)
                    try await first.channel.close()
                    #expect(try await second.first()?.hasPrefix("HTTP/1.1 200 ") == true)
                }
            }
        }
    }

    @Test func connectionsThatSayNothingMakeRoom() async throws {
        var configuration = ServiceConfiguration()
        configuration.maximumConnections = 3
        try await RunningServer.with(configuration) { server in
            let client = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            var silent: [any Channel] = []
            for _ in 0..<8 {
                silent.append(
                    try await client.connect(host: "127.0.0.1", port: server.port).get())
            }
            for _ in 0..<3 { #expect(try await server.get("/health/live").status == 200) }
            // Those that were silent for longest.
            try await silent[0].closeFuture.get()
            for channel in silent { try? await channel.close() }
        }
    }

    @Test func onlyTLSThatIsNotDeprecated() async throws {
        let certificate = try NIOSSLCertificate.fromPEMFile(Fixture.file("localhost.pem").path)
        var configuration = ServiceConfiguration()
        configuration.certificate = try ServerCertificate(
            file: Fixture.file("localhost.pem"), key: Fixture.file("localhost-key.pem"))
        try await RunningServer.with(configuration) { server in
            let versions: [(TLSVersion, Bool)] = [
                (.tlsv1, false), (.tlsv11, false), (.tlsv12, true), (.tlsv13, true),
            ]
            for (version, isServed) in versions {
                var client = TLSConfiguration.makeClientConfiguration()
                client.trustRoots = .certificates(certificate)
                client.minimumTLSVersion = .tlsv1
                client.maximumTLSVersion = version
                var settings = HTTPClient.Configuration(tlsConfiguration: client)
                // A refused handshake would be tried again until the time is over; a slow one may take it.
                settings.connectionPool.retryConnectionEstablishment = false
                settings.timeout.connect = .seconds(60)
                let address = "https://localhost:\(server.port)/health/live"
                try await HTTPClient.withHTTPClient(configuration: settings) {
                    let reply = try? await $0.execute(
                        HTTPClientRequest(url: address), timeout: .seconds(60))
                    #expect((reply != nil) == isServed, "\(version)")
                }
            }
        }
    }

    @Test func anExpiredCertificateIsKnown() throws {
        let valid = try ServerCertificate(
            file: Fixture.file("localhost.pem"), key: Fixture.file("localhost-key.pem"))
        #expect(valid.expired == nil)
        let expired = try ServerCertificate(
            file: Fixture.file("expired.pem"), key: Fixture.file("localhost-key.pem"))
        #expect(try #require(expired.expired) < .now)
    }

    @Test func https() async throws {
        let certificate = try NIOSSLCertificate.fromPEMFile(Fixture.file("localhost.pem").path)
        var configuration = ServiceConfiguration()
        configuration.certificate = try ServerCertificate(
            file: Fixture.file("localhost.pem"), key: Fixture.file("localhost-key.pem"))
        try await RunningServer.with(configuration) { server in
            var client = TLSConfiguration.makeClientConfiguration()
            client.trustRoots = .certificates(certificate)
            let address = "https://localhost:\(server.port)/health/live"
            try await HTTPClient.withHTTPClient(configuration: .init(tlsConfiguration: client)) {
                let reply = try await $0.execute(
                    HTTPClientRequest(url: address), timeout: .seconds(60))
                #expect(reply.status == .ok)
            }
        }
    }

    @Test func aCertificateIsReplacedWhileItRuns() async throws {
        let key = Fixture.file("localhost-key.pem")
        var configuration = ServiceConfiguration()
        configuration.certificate = try ServerCertificate(
            file: Fixture.file("expired.pem"), key: key)
        try await RunningServer.with(configuration) { server in
            var client = TLSConfiguration.makeClientConfiguration()
            client.trustRoots = .certificates(
                try NIOSSLCertificate.fromPEMFile(Fixture.file("localhost.pem").path))
            let address = "https://localhost:\(server.port)/health/live"
            let status = {
                try await HTTPClient.withHTTPClient(
                    configuration: .init(tlsConfiguration: client)
                ) {
                    try await $0.execute(HTTPClientRequest(url: address), timeout: .seconds(60))
                        .status
                }
            }
            await #expect(throws: (any Error).self) { try await status() }
            server.service.replace(
                certificate: try ServerCertificate(file: Fixture.file("localhost.pem"), key: key))
            #expect(try await status() == .ok)
        }
    }

    @Test(arguments: [
        ("missing.pem", "localhost-key.pem"), ("localhost-key.pem", "localhost-key.pem"),
        ("localhost.pem", "localhost.pem"), ("localhost.pem", "other-key.pem"),
    ])
    func certificatesThatAreNone(_ file: String, _ key: String) {
        #expect(throws: ServiceFileError.self) {
            try ServerCertificate(file: Fixture.file(file), key: Fixture.file(key))
        }
    }

    @Test func otherOrigins() async throws {
        var configuration = ServiceConfiguration(apiKeys: APIKeys(["key"]))
        configuration.origins = ["https://example.org"]
        try await RunningServer.with(configuration) { server in
            let allowed = { (reply: RunningServer.Reply) in
                reply.headers.first(name: "access-control-allow-origin")
            }
            let own = ("origin", "https://example.org")
            let asked = try await server.options(
                "/v1/captions",
                headers: [
                    own, ("access-control-request-method", "POST"),
                    ("access-control-request-headers", "authorization,x-stainless-os"),
                ])
            #expect(asked.status == 204)
            #expect(allowed(asked) == "https://example.org")
            let names = asked.headers.first(name: "access-control-allow-headers")
            #expect(names == "authorization,x-stainless-os")
            // Without a key it is refused, but the page may know so.
            let refused = try await server.get("/v1/info", headers: [own])
            #expect(refused.status == 401)
            #expect(allowed(refused) == "https://example.org")
            for headers in [[("origin", "https://example.com")], []] {
                #expect(allowed(try await server.get("/v1/info", headers: headers)) == nil)
            }
        }
    }
}

enum Fixture {
    static func file(_ name: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
    }
}
