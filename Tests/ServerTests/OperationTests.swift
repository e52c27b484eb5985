import AsyncHTTPClient
import BLIP
import BlipDemoModel
import BlipPictures
import Foundation
import Logging
import NIOCore
import Synchronization
import Testing

@testable import BlipServer

@Suite("Operation", .serialized)
struct OperationTests {
    @Test func healthAndMetrics() async throws {
        try await RunningServer.with { server in
            #expect(try await server.get("/health/live").status == 200)
            #expect(try await server.get("/health/ready").status == 200)
            for _ in 0..<2 {
                _ = try await server.post("/v1/captions", .bytes(Sample.dogs), type: "image/png")
            }
            let lines = try await server.get("/metrics").body.split(separator: "\n")
            #expect(lines.contains(#"blip_requests_total{route="/v1/captions",status="200"} 2"#))
            #expect(lines.contains("blip_picture_cache_hits_total 1"))
            #expect(lines.contains("blip_picture_cache_misses_total 1"))
            #expect(lines.contains(#"blip_batch_size_count{stage="vision"} 1"#))
            #expect(lines.contains("blip_generated_tokens_total 12"))
            #expect(lines.contains(#"blip_queue_seconds_count{stage="vision"} 1"#))
            #expect(lines.contains(#"blip_queue_seconds_count{stage="caption"} 2"#))
            #expect(lines.contains(#"blip_build_info{version="1.2.3"} 1"#))
            // Every metric says what it is, and those of a process are there.
            let names = lines.filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] }
            for name in names {
                let help = lines.first { $0.hasPrefix("# HELP \(name) ") }
                #expect(help?.hasSuffix(".") == true, "\(name)")
            }
            #expect(names.contains("process_resident_memory_bytes"))
            #expect(names.contains("process_start_time_seconds"))
            #expect(names.contains("process_open_fds"))
        }
    }

    @Test func aRequestsIdComesBack() async throws {
        try await RunningServer.with { server in
            func id(_ sent: String?) async throws -> String? {
                let headers = sent.map { [("x-request-id", $0)] } ?? []
                return try await server.get("/nothing", headers: headers).headers
                    .first(name: "x-request-id")
            }
            let own = try await id("abc-123")
            #expect(own == "abc-123")
            let hostile = String(repeating: "a", count: 200)
            let replaced = try await id(hostile)
            #expect(replaced?.count == 36)
            let new = try await id(nil)
            #expect(new?.count == 36)
        }
    }

    @Test func withKeysOnlyHealthIsOpen() async throws {
        try await RunningServer.with(.init(apiKeys: APIKeys(["first", "second"]))) { server in
            #expect(try await server.get("/health/ready").status == 200)
            for path in ["/", "/metrics", "/v1/models", "/v1/info", "/nothing"] {
                #expect(try await server.get(path).status == 401)
            }
            let basic = Data("me:second".utf8).base64EncodedString()
            for header in [
                ("authorization", "Bearer first"), ("authorization", "bearer second"),
                ("x-api-key", "second"), ("authorization", "Basic \(basic)"),
            ] {
                #expect(try await server.get("/v1/models", headers: [header]).status == 200)
            }
            for header in [
                ("authorization", "Bearer firs"), ("authorization", "Bearer first2"),
                ("authorization", "first"), ("x-api-key", ""), ("authorization", "Basic ####"),
            ] {
                let reply = try await server.get("/v1/models", headers: [header])
                #expect(reply.status == 401)
                #expect(reply.headers.contains(name: "www-authenticate"))
            }
        }
    }

    @Test func aBodyIsAskedForOnlyOfThoseThatHaveAKey() async throws {
        try await RunningServer.with(.init(apiKeys: APIKeys(["key"]))) { server in
            for (key, answer) in [("key", "HTTP/1.1 100 "), ("other", "HTTP/1.1 401 ")] {
                try await RawConnection.with(port: server.port) { connection in
                    try await connection.send(
                        "POST /v1/captions HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"
                            + "X-Api-Key: \(key)\r\nContent-Length: 10\r\n"
                            + "Expect: 100-continue\r\n\r\n")
                    let first = try await connection.first()
                    #expect(first?.hasPrefix(answer) == true)
                }
            }
        }
    }

    @Test func aFileOfKeys() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("# mine\n\n  one \r\ntwo".utf8).write(to: file)
        let keys = try APIKeys(file: file)
        #expect(keys.contains("one") && keys.contains("two"))
        #expect(!keys.contains("# mine") && !keys.contains(""))
        try Data("# none\n".utf8).write(to: file)
        #expect(throws: ServiceFileError.self) { try APIKeys(file: file) }
    }

    @Test func overloadIsRefusedBeforeThePictureIsRead() async throws {
        try await RunningServer.with(.init(maximumQueue: 1)) { server in
            let permit = try server.service.admission.acquire(.init(of: MemoryBudget()))
            let refused = try await server.post(
                "/v1/captions", .bytes(Sample.dogs), type: "image/png")
            #expect(refused.status == 429)
            #expect(try refused.json()["error"] is [String: Any])
            let seconds = try #require(
                refused.headers.first(name: "retry-after").flatMap(Int.init))
            #expect(seconds >= 1)
            #expect(!(try await server.get("/metrics").body).contains("cache_misses"))
            permit.release()
            let served = try await server.post(
                "/v1/captions", .bytes(Sample.dogs), type: "image/png")
            #expect(served.status == 200)
            #expect(server.service.admission.count == 0)
        }
    }

    @Test func aStreamGivesItsPlaceBack() async throws {
        try await RunningServer.with(.init(maximumQueue: 1)) { server in
            for _ in 0..<3 {
                let reply = try await server.post(
                    "/v1/captions", json: ["image": Sample.dogsAsURL, "stream": true])
                #expect(reply.status == 200)
            }
        }
    }

    @Test func theLogNamesTheClient() async throws {
        let lines = RecordingLogHandler.Lines()
        let logger = Logger(label: "test") { _ in RecordingLogHandler(lines: lines) }
        for (proxies, client) in [([], "127.0.0.1"), (["127.0.0.1", "10.0.0.2"], "10.0.0.9")] {
            var configuration = ServiceConfiguration()
            configuration.trustedProxies = Set(proxies)
            try await RunningServer.with(configuration, logger: logger) { server in
                let forwarded = ("x-forwarded-for", "1.2.3.4, 10.0.0.9, 10.0.0.2")
                _ = try await server.get("/v1/models", headers: [forwarded])
                let long = String(repeating: "a", count: 10_000)
                _ = try await server.get("/\(long)", headers: [forwarded])
                _ = try await server.get("/health/live")
            }
            let requests = lines.all.withLock { $0 }.filter { $0["method"] != nil }
            #expect(requests.map { $0["client"]?.description } == [client, client])
            #expect(requests.last?["path"]?.description.count == 200)
            lines.all.withLock { $0 = [] }
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func memoryIsGivenBackOnceAfterRequests() async throws {
        var configuration = ServiceConfiguration()
        configuration.quietTime = .milliseconds(1)
        let (releases, source) = AsyncStream<Void>.makeStream()
        let count = Mutex(0)
        let release = { @Sendable in
            count.withLock { $0 += 1 }
            source.yield()
        }
        try await RunningServer.with(configuration, releaseMemory: release) { server in
            var iterator = releases.makeAsyncIterator()
            _ = try await server.get("/health/live")
            #expect(count.withLock { $0 } == 0)
            for expected in 1...2 {
                _ = try await server.post("/v1/captions", .bytes(Sample.dogs), type: "image/png")
                await iterator.next()
                try await Task.sleep(for: .milliseconds(20))
                #expect(count.withLock { $0 } == expected)
            }
        }
    }

    /// After a while without a question nothing is compiled any more; the next one is answered as before, whether it
    /// is a request or asks the model itself, as cameras do.
    @Test(.timeLimit(.minutes(2))) func theModelIsUnloadedWhenIdle() async throws {
        var configuration = ServiceConfiguration()
        configuration.unloadTime = .milliseconds(40)
        let (releases, source) = AsyncStream<Void>.makeStream()
        let release = { @Sendable in _ = source.yield() }
        // Its own: other tests ask the shared one meanwhile.
        let model = try BlipModel(
            folder: DemoModel.folder, options: .init(device: "CPU", precision: .f32))
        let picture = try Picture(bytes: Array(Sample.dogs))
        try await RunningServer.with(configuration, model: model, releaseMemory: release) {
            server in
            var iterator = releases.makeAsyncIterator()
            var answers: Set<String> = []
            for _ in 1...3 {
                let reply = try await server.post(
                    "/v1/captions", .bytes(Sample.dogs), type: "image/png")
                #expect(reply.status == 200)
                let captions = try reply.json()["captions"] as? [[String: Any]]
                answers.insert(captions?.first?["caption"] as? String ?? "")
                // One that came of the time before the request may be there already.
                repeat { await iterator.next() } while !(await model.compilations()).isEmpty
                #expect(try await server.get("/health/ready").status == 200)
                _ = try await model.encode(picture)
                repeat { await iterator.next() } while !(await model.compilations()).isEmpty
            }
            #expect(answers.count == 1 && !answers.contains(""))
        }
    }

    @Test func aRequestHasItsTime() async throws {
        var configuration = ServiceConfiguration()
        configuration.requestTimeout = .milliseconds(1)
        try await RunningServer.with(configuration) { server in
            for path in ["/v1/captions", "/api/generate"] {
                let reply = try await server.post(
                    path, json: ["image": Sample.dogsAsURL, "images": [Sample.dogsAsBase64]])
                #expect(reply.status == 503)
                #expect(reply.headers.first(name: "retry-after") == "1")
                #expect(reply.body.contains("took longer than this server allows"))
            }
            #expect(server.service.admission.count == 0)
            #expect(try await server.get("/health/ready").status == 200)
        }
    }

    @Test func healthAndMetricsOnAPortOfTheirOwn() async throws {
        var configuration = ServiceConfiguration(apiKeys: APIKeys(["key"]))
        configuration.managementPort = 0
        configuration.maximumConnections = 1
        try await RunningServer.with(configuration) { server in
            let port = try #require(server.managementPort)
            try await RawConnection.with(port: server.port) { connection in
                // Keeps the only place for connections.
                try await connection.send("POST /v1/captions HTTP/1.1\r\nHost: x\r\n")
                while server.service.connections.count == 0 { await Task.yield() }
                for path in ["/health/live", "/health/ready", "/metrics"] {
                    #expect(try await server.get(path, port: port).status == 200)
                }
                let other = try await server.get("/v1/info", port: port)
                #expect(other.status == 404)
            }
        }
    }

    @Test func keysAreReplacedWhileItRuns() async throws {
        func status(_ server: RunningServer, _ key: String) async throws -> Int {
            try await server.get("/v1/info", headers: [("x-api-key", key)]).status
        }
        try await RunningServer.with(.init(apiKeys: APIKeys(["old"]))) { server in
            server.service.replace()
            let before = try await status(server, "old")
            #expect(before == 200)
            server.service.replace(apiKeys: APIKeys(["new"]))
            let after = try await [status(server, "old"), status(server, "new")]
            #expect(after == [401, 200])
        }
        try await RunningServer.with { server in
            server.service.replace(apiKeys: APIKeys(["new"]))
            let open = try await status(server, "")
            #expect(open == 200)
        }
    }

    @Test func aHostThatIsNotThereIsTold() async throws {
        let service = BlipService(
            model: try await RunningServer.model.value, name: "demo",
            configuration: .init(host: "nosuch.invalid", port: 0))
        let error = await #expect(throws: ServiceAddressError.self) { try await service.run() }
        #expect(error?.description.hasPrefix("There is no host called nosuch.invalid") == true)
    }
}

/// Keeps the metadata of lines that are not only for debugging.
private struct RecordingLogHandler: LogHandler {
    let lines: Lines
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]

    final class Lines: Sendable {
        let all = Mutex<[Logger.Metadata]>([])
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { lines.all.withLock { $0.append(event.metadata ?? [:]) } }
}
