import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Testing

@testable import BlipServer

@Suite("Pictures from URLs")
struct FetchTests {
    /// A host of pictures on this machine.
    private func withHost(_ body: (_ port: Int) async throws -> Void) async throws {
        let router = Router()
        let bytes = { @Sendable (data: Data) in
            Response(status: .ok, body: .init(byteBuffer: ByteBuffer(bytes: data)))
        }
        router.get("dogs.png") { _, _ in bytes(Sample.dogs) }
        router.get("large") { _, _ in bytes(Data(count: Limits.fetchBytes + 1)) }
        for (path, location) in [
            "moved": "/dogs.png", "loop": "/loop", "away": "http://example.org/dogs.png",
            "inside": "http://169.254.169.254/latest", "file": "file:///etc/passwd",
        ] {
            router.get("\(path)") { _, _ in
                Response(status: .found, headers: [.location: location])
            }
        }
        let (ports, source) = AsyncStream<Int>.makeStream()
        let logger = Logger(label: "host") { _ in SwiftLogNoOpLogHandler() }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { source.yield($0.localAddress?.port ?? 0) }, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            var iterator = ports.makeAsyncIterator()
            let port = try #require(await iterator.next())
            try await body(port)
            group.cancelAll()
        }
    }

    private func configuration(
        port: Int, allowsPrivateAddresses: Bool = true
    ) -> ServiceConfiguration {
        var configuration = ServiceConfiguration()
        configuration.imageHosts = ["127.0.0.1:\(port)", "LOCALHOST:\(port)"]
        configuration.fetcher.allowsPrivateAddresses = allowsPrivateAddresses
        return configuration
    }

    private func send(_ url: String, to server: RunningServer) async throws -> String {
        let reply = try await server.post("/v1/captions", json: ["image": url])
        let json = try reply.json()
        if let error = json["error"] as? [String: Any] { return error["code"] as? String ?? "" }
        return (json["captions"] as? [[String: Any]])?.first?["caption"] as? String ?? ""
    }

    @Test func fromAllowedHosts() async throws {
        try await withHost { port in
            try await RunningServer.with(configuration(port: port)) { server in
                for host in ["127.0.0.1", "localhost", "LocalHost"] {
                    for path in ["dogs.png", "moved"] {
                        let caption = try await send("http://\(host):\(port)/\(path)", to: server)
                        #expect(caption == "four dogs on a yellow background")
                    }
                }
                let own = "http://127.0.0.1:\(port)/"
                let codes = [
                    "loop": "url_refused", "away": "url_refused", "inside": "url_refused",
                    "file": "url_refused", "missing": "url_failed", "large": "picture_too_large",
                ]
                for (path, code) in codes {
                    #expect(try await send(own + path, to: server) == code, "\(path)")
                }
                #expect(try await send("http://127.0.0.1:1/", to: server) == "url_refused")
                // What is said there is no TLS.
                let https = "https://127.0.0.1:\(port)/dogs.png"
                #expect(try await send(https, to: server) == "url_failed")
                let named = "http://me:secret@127.0.0.1:\(port)/dogs.png"
                #expect(try await send(named, to: server) == "url_refused")
            }
        }
    }

    @Test func aHostThatIsNotThereOrPrivate() async throws {
        try await withHost { port in
            let strict = configuration(port: port, allowsPrivateAddresses: false)
            try await RunningServer.with(strict) { server in
                let codes = try await [
                    send("http://127.0.0.1:\(port)/dogs.png", to: server),
                    send("http://localhost:\(port)/dogs.png", to: server),
                ]
                #expect(codes == ["url_refused", "url_refused"])
            }
        }
        // Nobody listens on port 1.
        try await RunningServer.with(configuration(port: 1)) { server in
            let code = try await send("http://127.0.0.1:1/a.png", to: server)
            #expect(code == "url_failed")
        }
    }

    @Test func aNameWithoutAnAddress() async throws {
        var configuration = ServiceConfiguration()
        // Of a domain that never has any (RFC 6761).
        configuration.imageHosts = ["pictures.invalid"]
        try await RunningServer.with(configuration) { server in
            let code = try await send("http://pictures.invalid/a.png", to: server)
            #expect(code == "url_failed")
        }
    }

    @Test func aNameThatIsLookedUpForEverIsGivenUp() async throws {
        var configuration = ServiceConfiguration()
        configuration.imageHosts = ["pictures.example"]
        configuration.fetcher.time = .milliseconds(50)
        let answers = DispatchSemaphore(value: 0)
        configuration.fetcher.lookUp = { _, _ in
            answers.wait()
            return try SocketAddress(ipAddress: "127.0.0.1", port: 80)
        }
        // More than there are threads to look names up; pictures are decoded all the same.
        defer { for _ in 0..<8 { answers.signal() } }
        try await RunningServer.with(configuration) { server in
            let codes = try await inOrder(Array(0..<8)) { _ in
                try await send("http://pictures.example/a.png", to: server)
            }
            #expect(codes == [String](repeating: "url_too_slow", count: 8))
            let own = try await server.post("/v1/captions", .bytes(Sample.dogs), type: "image/png")
            #expect(own.status == 200)
            #expect(server.service.admission.count == 0)
        }
    }

    @Test func fetchedPicturesCountAsBodiesDo() async throws {
        try await withHost { port in
            let address = try PictureURL("http://127.0.0.1:\(port)/dogs.png")
            let fetcher = configuration(port: port).fetcher
            let budget = MemoryBudget(limit: Sample.dogs.count)
            let memory = MemoryBudget.Reservation(of: budget)
            _ = try await fetcher.bytes(of: address, memory)
            #expect(budget.used == Sample.dogs.count)
            let error = await #expect(throws: ServiceError.self) {
                try await fetcher.bytes(of: address, .init(of: budget))
            }
            #expect(error?.status == .tooManyRequests)
            memory.release()
        }
    }

    @Test(arguments: [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.0.1", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.168.1.1", "198.18.0.1", "198.19.1.1",
        "224.0.0.1", "255.255.255.255", "::", "::1", "::ffff:8.8.8.8", "64:ff9b::a00:1",
        "fc00::1", "fd12::1", "fe80::1", "ff02::1", "2001:db8::1", "2001::1", "2002:a00:1::1",
    ])
    func addressesThatAreNotPublic(_ address: String) throws {
        #expect(try !SocketAddress(ipAddress: address, port: 80).isPublic)
    }

    @Test(arguments: [
        "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.128.0.1", "128.0.0.1", "172.15.0.1",
        "172.32.0.1", "192.167.1.1", "198.20.0.1", "223.1.1.1", "2606:4700::1111", "2001:4860::1",
    ])
    func addressesThatArePublic(_ address: String) throws {
        #expect(try SocketAddress(ipAddress: address, port: 80).isPublic)
    }
}
