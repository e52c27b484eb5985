import Foundation
import Hub
import Subprocess
import Testing

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

@Suite("Pulling from a server of the hub's protocol")
struct PullTests {
    private func hub(
        _ server: HubServer, fault: String? = nil, token: String? = nil,
        idleTimeout: Duration = .seconds(1)
    ) -> Hub {
        var configuration = HubConfiguration(
            endpoint: server.endpoint(fault: fault), token: token, cache: server.cache)
        configuration.backoff = .milliseconds(10)
        configuration.idleTimeout = idleTimeout
        configuration.tries = 3
        return Hub(configuration)
    }

    private let needed = ["config.json", "model.safetensors", "tokenizer.json", "vocab.txt"]

    /// Every file of a snapshot is the repository's, and nothing else is there.
    private func expectWhole(_ server: HubServer, _ snapshot: URL) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: snapshot.path).sorted()
        #expect(names == needed)
        for name in names {
            #expect(
                try Data(contentsOf: snapshot.appending(path: name))
                    == Data(contentsOf: server.repository.appending(path: name)))
        }
    }

    @Test func onlyWhatIsNeededInTheStandardLayout() async throws {
        try await HubServer.run { server in
            let pulled = try await hub(server, token: "secret").pull(RepositoryName(HubServer.name))
            try expectWhole(server, pulled.snapshot)
            #expect(pulled.bytes == 900 + 5_000 + 1_200 + 700_000)
            // Large files come from another host, which must not see the token.
            let requests = try await server.requests()
            #expect(requests.contains { $0.elsewhere })
            #expect(requests.allSatisfy { ($0.token == nil) == $0.elsewhere })
            let link = try FileManager.default.destinationOfSymbolicLink(
                atPath: pulled.snapshot.appending(path: "config.json").path)
            #expect(link.hasPrefix("../../blobs/"))
            // Nothing is fetched twice.
            let before = requests.count
            _ = try await hub(server).pull(RepositoryName(HubServer.name))
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
            try expectWhole(server, pulled.snapshot)
        }
    }

    @Test func theHubsOwnLibrarySharesTheCache() async throws {
        try await HubServer.run { server in
            let pulled = try await hub(server).pull(RepositoryName(HubServer.name))
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
            try expectWhole(server, found.snapshot)
            #expect(try await server.requests().count == before + 1, "only the list of files")
        }
    }

    @Test(arguments: ["429-once", "500-twice", "breaks", "no-ranges", "none"])
    func faultsThatPass(fault: String) async throws {
        try await HubServer.run { server in
            let pulled = try await hub(server, fault: fault).pull(RepositoryName(HubServer.name))
            try expectWhole(server, pulled.snapshot)
        }
    }

    @Test(arguments: [
        ("401", HubError.Code.unauthorized, "HF_TOKEN"), ("403", .unauthorized, "licence"),
        ("404", .notFound, "check the name"), ("429", .unavailable, "429"),
        ("500", .unavailable, "500"), ("stalls", .unavailable, "does not answer"),
        ("nonsense", .wrongContent, "no list of files"), ("wrong-hash", .wrongContent, "hash"),
        ("too-much", .wrongContent, "more than"), ("too-little", .unavailable, "and no more"),
        ("odd-headers", .wrongContent, "size and hash"),
    ])
    func faultsThatStay(fault: String, code: HubError.Code, naming: String) async throws {
        try await HubServer.run { server in
            let error = await #expect(throws: HubError.self) {
                try await hub(server, fault: fault).pull(RepositoryName(HubServer.name))
            }
            #expect(error?.code == code, "\(error?.message ?? "")")
            #expect(error?.message.contains(naming) == true, "\(error?.message ?? "")")
            #expect(
                HubCache(server.cache).snapshot(of: try RepositoryName(HubServer.name)) == nil,
                "a pull that failed leaves no model that looks whole")
            // The same cache serves once the fault is gone.
            let pulled = try await hub(server).pull(RepositoryName(HubServer.name))
            try expectWhole(server, pulled.snapshot)
        }
    }

    @Test func whatWasFetchedIsNotFetchedAgain() async throws {
        try await HubServer.run { server in
            // The connection breaks after a kilobyte, for good.
            _ = try? await hub(server, fault: "too-little").pull(RepositoryName(HubServer.name))
            let before = try await server.requests().count
            _ = try await hub(server).pull(RepositoryName(HubServer.name))
            let requests = try await server.requests().dropFirst(before)
            #expect(requests.contains { $0.range == "bytes=1024-" })
        }
    }

    @Test func namesThatLeadElsewhere() async throws {
        try await HubServer.run { server in
            let pulled = try await hub(server, fault: "evil-names")
                .pull(RepositoryName(HubServer.name))
            try expectWhole(server, pulled.snapshot)
            await #expect(throws: HubError.self) {
                try await hub(server).pull(RepositoryName(HubServer.name), revision: "../../x")
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
                        // Patient, so that a busy machine does not look like a broken line.
                        try await hub(server, fault: "slow", idleTimeout: .seconds(60))
                            .pull(RepositoryName(HubServer.name))
                    }
                }
                for try await pulled in group { try expectWhole(server, pulled.snapshot) }
            }
            let stored = try await server.requests().filter { $0.elsewhere && $0.method == "GET" }
            #expect(stored.count == 1, "the lock lets one fetch and the others find it")
        }
    }

    @Test func offline() async throws {
        try await HubServer.run { server in
            var configuration = HubConfiguration(
                endpoint: server.endpoint(), cache: server.cache, isOffline: true)
            let error = await #expect(throws: HubError.self) {
                try await Hub(configuration).pull(RepositoryName(HubServer.name))
            }
            #expect(error?.code == .offline)
            configuration.isOffline = false
            let pulled = try await Hub(configuration).pull(RepositoryName(HubServer.name))
            configuration.isOffline = true
            let found = try await Hub(configuration).pull(RepositoryName(HubServer.name))
            #expect(found.snapshot == pulled.snapshot)
            #expect(
                HubCache(server.cache).repositories().map(\.name.description) == [HubServer.name])
        }
    }

    /// As an interrupted `snapshot_download` can leave it.
    @Test func aPartOfAModelIsNone() async throws {
        try await HubServer.run { server in
            let pulled = try await hub(server).pull(RepositoryName(HubServer.name))
            let weights = pulled.snapshot.appending(path: "model.safetensors")
            let blob = weights.resolvingSymlinksInPath()
            try FileManager.default.removeItem(at: blob)
            let name = try RepositoryName(HubServer.name)
            #expect(HubCache(server.cache).snapshot(of: name) == nil)
            // Pulled again, only that file is fetched.
            let again = try await hub(server).pull(name)
            try expectWhole(server, again.snapshot)
        }
    }

    @Test func environment() throws {
        let configuration = try HubConfiguration(environment: [
            "HF_HOME": "/somewhere", "HF_TOKEN": "t", "HF_ENDPOINT": "http://localhost:1/x",
            "HF_HUB_OFFLINE": "1",
        ])
        #expect(configuration.cache.path == "/somewhere/hub")
        #expect(configuration.token == "t")
        #expect(configuration.endpoint.absoluteString == "http://localhost:1/x")
        #expect(configuration.isOffline)
        let cache = try HubConfiguration(environment: ["HF_HUB_CACHE": "/c"]).cache
        #expect(cache.path == "/c")
        let home = try HubConfiguration(environment: ["XDG_CACHE_HOME": "/x"]).cache
        #expect(home.path == "/x/huggingface/hub")
        let user = try HubConfiguration(environment: ["HOME": "/h"])
        #expect(user.cache.path == "/h/.cache/huggingface/hub")
        let tilde = try HubConfiguration(environment: ["HOME": "/h", "HF_HOME": "~/x"])
        #expect(tilde.cache.path == "/h/x/hub")
        #expect(throws: HubError.self) {
            try HubConfiguration(environment: ["HF_ENDPOINT": "not an address"])
        }
    }
}
