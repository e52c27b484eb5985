import BLIP
import BlipDemoModel
import BlipHub
import BlipPretrained
import Foundation
import Testing

@Suite struct PretrainedTests {
    /// A cache as `huggingface_hub` lays it out, which holds the demo model.
    private func cache() throws -> URL {
        let cache = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        let repository = cache.appending(path: "models--drawn--scenes")
        let commit = String(repeating: "a", count: 40)
        let snapshots = repository.appending(path: "snapshots")
        let references = repository.appending(path: "refs")
        for folder in [snapshots, references] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        try FileManager.default.copyItem(
            at: DemoModel.folder, to: snapshots.appending(path: commit))
        try Data(commit.utf8).write(to: references.appending(path: "main"))
        return cache
    }

    private func hub(_ cache: URL) throws -> HubConfiguration {
        HubConfiguration(
            endpoint: try #require(URL(string: "http://127.0.0.1:9")), cache: cache, isOffline: true
        )
    }

    @Test func loadsACheckpointByItsName() async throws {
        let cache = try cache()
        defer { try? FileManager.default.removeItem(at: cache) }
        let compiled = cache.appending(path: "compiled")
        let model = try await BlipModel(
            pretrained: "drawn/scenes", options: RuntimeOptions(cacheDirectory: compiled),
            hub: hub(cache))
        let picture = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Samples/four-dogs.png")
        #expect(try await model.caption(contentsOf: picture).text.hasPrefix("four dogs"))
    }

    @Test func saysWhatIsNotThere() async throws {
        let cache = try cache()
        defer { try? FileManager.default.removeItem(at: cache) }
        await #expect(throws: HubError.self) {
            _ = try await BlipModel(pretrained: "drawn/others", hub: hub(cache))
        }
    }
}
