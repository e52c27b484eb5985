import Foundation
import BlipHub
import Testing

@Suite("The cache as others leave it")
struct CacheTests {
    private let blobs = "models--tests--tiny/blobs"

    @Test func offline() async throws {
        try await HubServer.run { server in
            for variable in ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"] {
                let hub = try server.hub([variable: "yes"])
                #expect(try await server.refusal(hub).code == .offline)
            }
            let pulled = try await server.pull(server.hub())
            let found = try await server.pull(try server.hub(["HF_HUB_OFFLINE": "1"]))
            #expect(found.snapshot == pulled.snapshot)
            #expect(
                HubCache(server.cache).repositories().map(\.name.description) == [HubServer.name])
        }
    }

    /// As an interrupted `snapshot_download` can leave it.
    @Test func aPartOfAModelIsNone() async throws {
        try await HubServer.run { server in
            let pulled = try await server.pull(server.hub())
            let weights = pulled.snapshot.appending(path: "model.safetensors")
            let blob = weights.resolvingSymlinksInPath()
            try FileManager.default.removeItem(at: blob)
            let name = try RepositoryName(HubServer.name)
            #expect(HubCache(server.cache).snapshot(of: name) == nil)
            // Pulled again, only that file is fetched.
            let before = try await server.requests().count
            try server.expectWhole(try await server.pull(server.hub()).snapshot)
            #expect(
                try await server.requests().dropFirst(before).filter { !$0.path.contains("/api/") }
                    .allSatisfy { $0.path.contains("model.safetensors") })
        }
    }

    /// As programs leave it that write to the final name, and as full disks do.
    @Test(arguments: [true, false])
    func aBlobThatIsCut(copies: Bool) async throws {
        try await HubServer.run { server in
            let hub = try server.hub(copies ? ["HF_HUB_DISABLE_SYMLINKS": "1"] : [:])
            let pulled = try await server.pull(hub)
            let weights = pulled.snapshot.appending(path: "model.safetensors")
            #expect((try? weights.isLink) == !copies)
            for file in Set([weights, weights.resolvingSymlinksInPath()]) {
                let handle = try FileHandle(forWritingTo: file)
                try handle.truncate(atOffset: 1_000)
                try handle.close()
            }
            try server.expectWhole(try await server.pull(hub).snapshot)
        }
    }

    /// `hf_xet` leaves a file of the right length that holds nothing.
    @Test(arguments: [300_000, 700_000, 900_000])
    func anUnfinishedFileOfAnotherProgram(bytes: Int) async throws {
        try await HubServer.run { server in
            let pulled = try await server.pull(server.hub())
            let hash = pulled.snapshot.appending(path: "model.safetensors")
                .resolvingSymlinksInPath().lastPathComponent
            try FileManager.default.removeItem(at: server.cache)
            let folder = server.cache.appending(path: blobs)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(count: bytes).write(to: folder.appending(path: "\(hash).incomplete"))
            try server.expectWhole(try await server.pull(server.hub()).snapshot)
        }
    }

    /// What is there is not written again, so that a cache that is read-only will do.
    @Test func nothingIsWrittenWhereNothingIsMissing() async throws {
        try await HubServer.run { server in
            _ = try await server.pull(server.hub())
            let before = try files(server.cache)
            _ = try await server.pull(server.hub())
            #expect(try files(server.cache) == before)
        }
    }

    /// When main moves on, only what changed is fetched.
    @Test func anotherCommit() async throws {
        try await HubServer.run { server in
            let first = try await server.pull(server.hub())
            try Data("other".utf8).write(to: server.repository.appending(path: "README.md"))
            let before = try await server.requests().count
            let second = try await server.pull(server.hub())
            #expect(first.snapshot != second.snapshot)
            try server.expectWhole(second.snapshot)
            #expect(try await server.requests().count == before + 1)
        }
    }

    /// Numbers of the files and when they changed: another number is another file.
    private func files(_ folder: URL) throws -> [String: String] {
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap {
            $0 as? String
        }
        return try Dictionary(
            uniqueKeysWithValues: #require(names).map { name in
                let attributes = try FileManager.default.attributesOfItem(
                    atPath: folder.appending(path: name).path)
                let number = "\(attributes[.systemFileNumber] ?? "")"
                return (name, "\(number) \(attributes[.modificationDate] ?? "")")
            })
    }
}

extension URL {
    fileprivate var isLink: Bool {
        get throws {
            try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
                == .typeSymbolicLink
        }
    }
}
