import AsyncHTTPClient
import BLIP
import BlipDemoModel
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Testing

@testable import BlipServer

/// A real server on a free port, in this process, with the demo model.
struct RunningServer: Sendable {
    let service: BlipService
    let port: Int
    /// Where it has one.
    var managementPort: Int?
    private let group: ServiceGroup

    private var base: String { "http://127.0.0.1:\(port)" }

    /// One model for all tests: at f32, so that batches give the tokens of lone requests.
    static let model = Task {
        let model = try BlipModel(
            folder: DemoModel.folder, options: .init(device: "CPU", precision: .f32))
        try await model.prepare(for: model.tasks)
        return model
    }

    static let silentLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Runs `body` against a server, which is then shut down gracefully.
    ///
    /// - Parameter model: its own; `nil` for the one that tests share.
    static func with(
        _ configuration: ServiceConfiguration = .init(), model: BlipModel? = nil,
        logger: Logger = silentLogger, releaseMemory: @escaping @Sendable () -> Void = {},
        _ body: (RunningServer) async throws -> Void
    ) async throws {
        var configuration = configuration
        configuration.port = 0
        let shared = try await Self.model.value
        let (ports, source) = AsyncStream<Int>.makeStream()
        let (managementPorts, managementSource) = AsyncStream<Int>.makeStream()
        var service = BlipService(
            model: model ?? shared, name: "demo", configuration: configuration,
            logger: logger, version: "1.2.3"
        ) { source.yield($0) }
        service.releaseMemory = releaseMemory
        service.onManagementReady = { managementSource.yield($0) }
        let group = ServiceGroup(services: [service], logger: logger)
        let run = Task {
            defer {
                source.finish()
                managementSource.finish()
            }
            try await group.run()
        }
        var iterator = ports.makeAsyncIterator()
        let port = try #require(await iterator.next(), "the server did not start")
        var server = RunningServer(service: service, port: port, group: group)
        if configuration.managementPort != nil {
            var iterator = managementPorts.makeAsyncIterator()
            server.managementPort = await iterator.next()
        }
        do {
            try await body(server)
        } catch {
            await group.triggerGracefulShutdown()
            try await run.value
            throw error
        }
        await group.triggerGracefulShutdown()
        try await run.value
    }

    func shutDownGracefully() async { await group.triggerGracefulShutdown() }

    struct Reply {
        let status: Int
        let headers: HTTPHeaders
        let bytes: ByteBuffer

        var body: String { String(buffer: bytes) }

        /// The body as one JSON object.
        func json() throws -> [String: Any] {
            try #require(
                JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any],
                "no JSON object: \(body)")
        }

        /// The objects of server-sent events, the closing mark as `nil`.
        func events() throws -> [[String: Any]?] {
            try body.components(separatedBy: "\n\n").filter { !$0.isEmpty }.map { event in
                #expect(event.hasPrefix("data: "))
                let data = event.dropFirst("data: ".count)
                if data == "[DONE]" { return nil }
                return try JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any]
            }
        }
    }

    func get(
        _ path: String, headers: [(String, String)] = [], port: Int? = nil
    ) async throws -> Reply {
        try await send(
            HTTPClientRequest(url: "http://127.0.0.1:\(port ?? self.port)\(path)"), headers)
    }

    func options(_ path: String, headers: [(String, String)]) async throws -> Reply {
        var request = HTTPClientRequest(url: base + path)
        request.method = .OPTIONS
        return try await send(request, headers)
    }

    func post(
        _ path: String, _ body: HTTPClientRequest.Body, type: String = "application/json",
        headers: [(String, String)] = []
    ) async throws -> Reply {
        var request = HTTPClientRequest(url: base + path)
        request.method = .POST
        request.body = body
        return try await send(request, headers + [("content-type", type)])
    }

    func post(_ path: String, json object: [String: Any]) async throws -> Reply {
        try await post(path, .bytes(try JSONSerialization.data(withJSONObject: object)))
    }

    private func send(
        _ request: HTTPClientRequest, _ headers: [(String, String)]
    ) async throws -> Reply {
        var request = request
        request.headers.add(contentsOf: HTTPHeaders(headers))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let body = try await response.body.collect(upTo: 64 << 20)
        return Reply(
            status: Int(response.status.code), headers: response.headers, bytes: body)
    }
}

/// The sample pictures of the repository.
enum Sample {
    static let dogs = bytes("four-dogs.png")
    static let pigs = bytes("three-pigs.png")

    static var dogsAsBase64: String { dogs.base64EncodedString() }
    static var dogsAsURL: String { "data:image/png;base64,\(dogsAsBase64)" }

    private static func bytes(_ name: String) -> Data {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return (try? Data(contentsOf: root.appending(path: "Samples/\(name)"))) ?? Data()
    }
}
