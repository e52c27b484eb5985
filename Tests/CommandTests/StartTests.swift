import Foundation
import Testing

@Suite("Programs that start")
struct StartTests {
    /// All compile the same model at the same time, into the same empty folder, and then find it
    /// there.
    @Test func manyAtOnceShareACache() async throws {
        let cache = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: cache) }
        for _ in 0..<2 {
            let captions = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        let result = try await BlipProgram.run(
                            "caption", Repository.photo("china.jpg"), "--model",
                            Repository.checkpoint("all-tasks"), "--precision", "f32",
                            "--cache-dir", cache.path)
                        #expect(result.status == 0)
                        #expect(result.errors.isEmpty)
                        return result.output
                    }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(captions.count == 1)
        }
        let kept = try FileManager.default.contentsOfDirectory(atPath: cache.path)
        // The decoder is of 16 bits, and at f32 compiled anew to stay so.
        #expect(kept.filter { $0.hasPrefix("swift-blip-") }.count == 2)
    }

    @Test func aCacheThatCannotBeMadeIsDoneWithout() async throws {
        let result = try await BlipProgram.run(
            "caption", Repository.photo("china.jpg"), "--model",
            Repository.checkpoint("all-tasks"), "--cache-dir", "/dev/null/cache")
        #expect(result.status == 0)
        #expect(!result.output.isEmpty)
    }
}
