import Foundation
import BlipHub
import Subprocess
import Synchronization
import Testing

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A server of the hub's protocol for one test, with a repository of a small model's files.
struct HubServer: Sendable {
    /// What was asked of it.
    struct Request: Decodable, Sendable {
        let method: String
        let path: String
        let range: String?
        let elsewhere: Bool
        let token: String?
        let proxied: Bool
    }

    static let name = "tests/tiny"
    let folder: URL
    /// Of the hub, of the host that stores large files, of a proxy, and of the hub with TLS.
    private let ports: [Int]

    /// The address, with a fault that every request meets.
    func endpoint(fault: String? = nil, host: String = "127.0.0.1") -> URL {
        let path = fault.map { "/fault/\($0)" } ?? ""
        return URL(string: "http://\(host):\(ports[0])\(path)") ?? URL(filePath: "/")
    }

    var encrypted: String { "https://localhost:\(ports[3])" }
    var proxy: String { "127.0.0.1:\(ports[2])" }

    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "ServerTests/Fixtures")

    /// Runs with a folder that holds the server's certificate alone.
    static func withCertificates<Result>(
        _ body: (URL) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "blip-certificates-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(
            at: fixtures.appending(path: "localhost.pem"),
            to: folder.appending(path: "localhost.pem"))
        return try await body(folder)
    }

    var cache: URL { folder.appending(path: "cache") }
    var repository: URL { folder.appending(path: "repositories/\(Self.name)") }

    func requests() async throws -> [Request] {
        let (data, _) = try await URLSession.shared.data(
            from: endpoint().appending(path: "log"))
        return try JSONDecoder().decode([Request].self, from: data)
    }

    /// Starts a server, runs `body`, and ends it.
    static func run<Result: Sendable>(
        _ body: (HubServer) async throws -> Result
    ) async throws -> Result {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appending(path: "hub-\(UUID().uuidString)")
        defer { try? files.removeItem(at: folder) }
        let repository = folder.appending(path: "repositories/\(name)")
        try files.createDirectory(at: repository, withIntermediateDirectories: true)
        let configuration = #"{"model_type": "blip", "eps": NaN}"#
        try Data(configuration.padding(toLength: 900, withPad: " ", startingAt: 0).utf8)
            .write(to: repository.appending(path: "config.json"))
        for (file, size) in [
            ("tokenizer.json", 5_000), ("vocab.txt", 1_200), ("model.safetensors", 700_000),
            ("pytorch_model.bin", 800_000), ("tf_model.h5", 900), ("README.md", 100),
        ] {
            // No two alike, and the same in every run.
            var state = UInt64(size)
            let bytes = (0..<size).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 33)
            }
            try Data(bytes).write(to: repository.appending(path: file))
        }
        let tests = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
        let portFile = folder.appending(path: "port")
        let script = tests.appending(path: "Support/hub_server.py").path
        let outcome = try await Subprocess.run(
            .path(FilePath(tests.appending(path: "../.venv/test/bin/python").path)),
            arguments: [
                script, folder.appending(path: "repositories").path, portFile.path,
                fixtures.appending(path: "localhost.pem").path,
                fixtures.appending(path: "localhost-key.pem").path,
            ],
            input: .none, output: .discarded, error: .discarded
        ) { execution in
            defer { try? execution.send(signal: .kill) }
            var ports: [Int] = []
            for _ in 0..<200 where ports.isEmpty {
                try await Task.sleep(for: .milliseconds(50))
                ports = ((try? String(contentsOf: portFile, encoding: .utf8)) ?? "")
                    .split(separator: " ").compactMap { Int($0) }
            }
            guard ports.count == 4 else { throw CocoaError(.featureUnsupported) }
            return try await body(HubServer(folder: folder, ports: ports))
        }
        return outcome.closureResult
    }
}

extension HubServer {
    /// A hub that is not patient, but with a busy machine.
    func hub(
        fault: String? = nil, token: String? = nil, idleTimeout: Duration = .seconds(60)
    ) -> Hub {
        var configuration = HubConfiguration(
            endpoint: endpoint(fault: fault),
            token: token.flatMap { AccessToken($0, from: "TEST") },
            cache: cache)
        configuration.backoff = .milliseconds(10)
        configuration.idleTimeout = idleTimeout
        configuration.tries = 3
        return Hub(configuration)
    }

    /// A hub as the program makes it, with its own cache.
    func hub(_ environment: [String: String]) throws -> Hub {
        let own = [
            "HF_ENDPOINT": endpoint().absoluteString, "HOME": folder.path,
            "HF_HUB_CACHE": cache.path,
        ]
        return Hub(try HubConfiguration(environment: own.merging(environment) { $1 }))
    }

    /// Pulls the one repository.
    func pull(
        _ hub: Hub, progress: @escaping @Sendable (Hub.Progress) -> Void = { _ in }
    ) async throws -> Hub.Pulled {
        try await hub.pull(RepositoryName(Self.name), progress: progress)
    }

    /// Pulls, and expects that to fail at once: with nothing that is waited for.
    func refusal(_ hub: Hub, of name: String = name) async throws -> HubError {
        let waits = Waits()
        let error = await #expect(throws: HubError.self) {
            try await hub.pull(RepositoryName(name), progress: waits.record)
        }
        #expect(waits.reasons.isEmpty)
        return try #require(error)
    }

    /// Every file of a snapshot is the repository's, and nothing else is there.
    func expectWhole(_ snapshot: URL, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: snapshot.path).sorted()
        #expect(
            names == ["config.json", "model.safetensors", "tokenizer.json", "vocab.txt"],
            sourceLocation: sourceLocation)
        for name in names {
            #expect(
                try Data(contentsOf: snapshot.appending(path: name))
                    == Data(contentsOf: repository.appending(path: name)), "\(name)",
                sourceLocation: sourceLocation)
        }
    }
}

/// What a pull said that it waits for.
final class Waits: Sendable {
    private let all = Mutex<[String]>([])

    var reasons: [String] { all.withLock { $0 } }

    @Sendable func record(_ progress: Hub.Progress) {
        if case .waiting(let reason) = progress { all.withLock { $0.append(reason) } }
    }
}
