import Foundation
import BlipHub
import Subprocess
import Testing

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

@Suite("Pulling from a server of the hub's protocol")
struct PullTests {
    @Test func onlyWhatIsNeededInTheStandardLayout() async throws {
        try await HubServer.run { server in
            let pulled = try await server.pull(server.hub(token: "secret\n"))
            try server.expectWhole(pulled.snapshot)
            #expect(pulled.bytes == 900 + 5_000 + 1_200 + 700_000)
            // Large files come from another host, which must not see the token.
            let requests = try await server.requests()
            #expect(requests.contains { $0.elsewhere })
            #expect(requests.allSatisfy { $0.token == ($0.elsewhere ? nil : "Bearer secret") })
            // One list, and each file once.
            #expect(requests.filter { $0.path.contains("/api/models/") }.count == 1)
            #expect(requests.allSatisfy { $0.method == "GET" })
            let link = try FileManager.default.destinationOfSymbolicLink(
                atPath: pulled.snapshot.appending(path: "config.json").path)
            #expect(link.hasPrefix("../../blobs/"))
            // Nothing is fetched twice.
            let before = requests.count
            _ = try await server.pull(server.hub())
            #expect(try await server.requests().count == before + 1)
        }
    }

    /// The example of the library's page, with a server and a cache of the test's own.
    @Test func documented() async throws {
        try await HubServer.run { server in
            let hub = Hub(
                try HubConfiguration(environment: [
                    "HF_ENDPOINT": server.endpoint().absoluteString,
                    "HF_HUB_CACHE": server.cache.path, "HOME": server.folder.path,
                ]))
            let pulled = try await hub.pull(RepositoryName(HubServer.name))
            print(pulled.snapshot.path)
            try server.expectWhole(pulled.snapshot)
        }
    }

    @Test func theHubsOwnLibrarySharesTheCache() async throws {
        try await HubServer.run { server in
            let pulled = try await server.pull(server.hub())
            let python = URL(filePath: #filePath)
                .appending(path: "../../../.venv/test/bin/python").standardizedFileURL.path
            let read = try await Subprocess.run(
                .path(FilePath(python)),
                arguments: [
                    "-c",
                    """
                    from huggingface_hub import snapshot_download
                    print(snapshot_download("\(HubServer.name)", local_files_only=True))
                    """,
                ],
                environment: .inherit.updating([
                    "HF_HUB_CACHE": server.cache.path, "HF_HUB_OFFLINE": "1",
                ]), output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
            #expect(
                read.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
                    == pulled.snapshot.path, "\(read.standardError)")

            // And the other way round, into an empty cache.
            let other = server.folder.appending(path: "other")
            let written = try await Subprocess.run(
                .path(FilePath(python)),
                arguments: [
                    "-c",
                    """
                    from huggingface_hub import snapshot_download
                    snapshot_download("\(HubServer.name)", ignore_patterns=["*.bin", "*.h5", "*.md"])
                    """,
                ],
                environment: .inherit.updating([
                    "HF_HUB_CACHE": other.path, "HF_ENDPOINT": "\(server.endpoint())",
                    "HF_HUB_DISABLE_XET": "1",
                ]), output: .discarded, error: .string(limit: 1 << 18))
            #expect(written.terminationStatus == .exited(0), "\(written.standardError)")
            let before = try await server.requests().count
            var configuration = HubConfiguration(endpoint: server.endpoint(), cache: other)
            configuration.backoff = .milliseconds(10)
            let found = try await Hub(configuration).pull(RepositoryName(HubServer.name))
            try server.expectWhole(found.snapshot)
            #expect(try await server.requests().count == before + 1, "only the list of files")
        }
    }

    @Test func namesThatLeadElsewhere() async throws {
        try await HubServer.run { server in
            let pulled = try await server.pull(server.hub(fault: "evil-names"))
            try server.expectWhole(pulled.snapshot)
            await #expect(throws: HubError.self) {
                try await server.hub().pull(
                    RepositoryName(HubServer.name), revision: "../../x")
            }
        }
        for name in [
            "", "tiny", "a/b/c", "../x", "a/..", "a/.", "/etc", "a/", "a/b\n", "a/b c", "a//b",
            "a/b--c", "-a/b", String(repeating: "a", count: 90) + "/bbbbbbbbb",
        ] {
            #expect(throws: HubError.self, "\(name)") { try RepositoryName(name) }
        }
    }

    @Test func manyPullsAtOnce() async throws {
        try await HubServer.run { server in
            try await withThrowingTaskGroup(of: Hub.Pulled.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        try await server.pull(server.hub(fault: "slow"))
                    }
                }
                for try await pulled in group { try server.expectWhole(pulled.snapshot) }
            }
            let stored = try await server.requests().filter { $0.elsewhere && $0.method == "GET" }
            #expect(stored.count == 1, "the lock lets one fetch and the others find it")
        }
    }
}
