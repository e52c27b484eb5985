import Foundation
import Subprocess

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
    }

    static let name = "tests/tiny"
    let folder: URL
    private let port: Int

    /// The address, with a fault that every request meets.
    func endpoint(fault: String? = nil) -> URL {
        let path = fault.map { "/fault/\($0)" } ?? ""
        return URL(string: "http://127.0.0.1:\(port)\(path)") ?? URL(filePath: "/")
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
        for (file, size) in [
            ("config.json", 900), ("tokenizer.json", 5_000), ("vocab.txt", 1_200),
            ("model.safetensors", 700_000), ("pytorch_model.bin", 800_000), ("tf_model.h5", 900),
            ("README.md", 100),
        ] {
            var generator = SystemRandomNumberGenerator()
            let bytes = (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) }
            try Data(bytes).write(to: repository.appending(path: file))
        }
        let tests = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
        let portFile = folder.appending(path: "port")
        let script = tests.appending(path: "Support/hub_server.py").path
        let outcome = try await Subprocess.run(
            .path(FilePath(tests.appending(path: "../.venv/test/bin/python").path)),
            arguments: [script, folder.appending(path: "repositories").path, portFile.path],
            input: .none, output: .discarded, error: .discarded
        ) { execution in
            defer { try? execution.send(signal: .kill) }
            var port: Int?
            for _ in 0..<200 where port == nil {
                try await Task.sleep(for: .milliseconds(50))
                port = (try? String(contentsOf: portFile, encoding: .utf8))?
                    .split(separator: " ").first.flatMap { Int($0) }
            }
            guard let port else { throw CocoaError(.featureUnsupported) }
            return try await body(HubServer(folder: folder, port: port))
        }
        return outcome.closureResult
    }
}
