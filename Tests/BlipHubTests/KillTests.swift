import Foundation
import BlipHub
import Subprocess
import Testing

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

@Suite("A pull that is killed")
struct KillTests {
    private var program: String {
        let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
        return (bundle ?? URL(filePath: CommandLine.arguments[0]))
            .deletingLastPathComponent().appending(path: "blip").path
    }

    /// SIGKILL at a hundred moments, the same in every run: what the cache shows is always whole.
    @Test func aHundredTimes() async throws {
        try await HubServer.run { server in
            let name = try RepositoryName(HubServer.name)
            let blobs = server.cache.appending(path: "models--tests--tiny/blobs")
            let whole = 900 + 5_000 + 1_200 + 700_000
            var killed = 0
            var partial = 0
            for round in 0..<100 {
                // From time to time all begins anew, so that every stage is met.
                if round.isMultiple(of: 4) {
                    try? FileManager.default.removeItem(at: server.cache)
                }
                // Killed by what has arrived, not by the clock: as right on a busy machine.
                let arrived = whole * (round * 37 % 100) / 99
                let delay = Duration.milliseconds(round * 13 % 21)
                if try await pull(server, killedAt: arrived, of: blobs, after: delay) {
                    killed += 1
                }
                let names =
                    (try? FileManager.default.contentsOfDirectory(atPath: blobs.path)) ?? []
                if names.contains(where: { $0.hasSuffix(".incomplete") }) { partial += 1 }
                try expectNoDamage(server, name, blobs)
            }
            #expect(killed > 0 && partial > 0, "none was killed while a file was on its way")
            // And in the end it comes to an end.
            let pulled = try await Hub(
                HubConfiguration(endpoint: server.endpoint(), cache: server.cache)
            ).pull(name)
            #expect(pulled.bytes == whole)
            // What was there was gone on from.
            #expect(try await server.requests().contains { $0.range != nil })
        }
    }

    /// Runs `blip pull` and kills it some time after `blobs` holds so many bytes; `true` where it was killed
    /// before it ended.
    private func pull(
        _ server: HubServer, killedAt bytes: Int, of blobs: URL, after delay: Duration
    ) async throws -> Bool {
        let outcome = try await Subprocess.run(
            .path(FilePath(program)), arguments: ["pull", HubServer.name],
            environment: .custom([
                "HF_ENDPOINT": "\(server.endpoint(fault: "slow"))",
                "HF_HUB_CACHE": server.cache.path, "HF_HOME": server.folder.path,
                "HOME": server.folder.path,
            ]), input: .none, output: .discarded, error: .discarded
        ) { execution in
            // All is there once the program has ended by itself, unless it failed.
            let deadline = ContinuousClock.now + .seconds(60)
            while HubCache.bytes(below: blobs) < bytes, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(1))
            }
            try await Task.sleep(for: delay)
            try? execution.send(signal: .kill)
        }
        if case .signaled = outcome.terminationStatus { return true }
        return false
    }

    private func expectNoDamage(
        _ server: HubServer, _ name: RepositoryName, _ blobs: URL
    ) throws {
        let files = FileManager.default
        // Every blob under its final name is a file of the repository, whole.
        let originals = try files.contentsOfDirectory(atPath: server.repository.path)
            .map { try Data(contentsOf: server.repository.appending(path: $0)) }
        let names = (try? files.contentsOfDirectory(atPath: blobs.path)) ?? []
        for blob in names where !blob.hasSuffix(".incomplete") {
            #expect(originals.contains(try Data(contentsOf: blobs.appending(path: blob))))
        }
        // A snapshot that the reference names has all files.
        guard let snapshot = HubCache(server.cache).snapshot(of: name) else { return }
        for file in ["config.json", "tokenizer.json", "vocab.txt", "model.safetensors"] {
            #expect(
                try Data(contentsOf: snapshot.appending(path: file))
                    == Data(contentsOf: server.repository.appending(path: file)))
        }
    }
}
