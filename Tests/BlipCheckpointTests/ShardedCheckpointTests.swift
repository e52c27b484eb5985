import Foundation
import Testing

@testable import BlipCheckpoint

@Suite struct ShardedCheckpointTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let first = "{\(member("a", "F32", "[2]", 0, 8)),\(member("extra", "U8", "[1]", 8, 9))}"
        try folder.write(safetensors(first, [Float(1), 2].bytes + [0]), "s-1.safetensors")
        let second = "{\(member("b", "F32", "[1]", 0, 4))}"
        try folder.write(safetensors(second, [Float(3)].bytes), "s-2.safetensors")
    }

    private func open(_ weightMap: String) throws -> Checkpoint {
        let index = "{\"metadata\":{\"total_size\":12},\"weight_map\":\(weightMap)}"
        try folder.write(Array(index.utf8), "model.safetensors.index.json")
        return try Checkpoint(at: folder.url)
    }

    private func error(_ weightMap: String) -> CheckpointError? {
        checkpointError { _ = try open(weightMap) }
    }

    @Test func mapsAllShardsIntoOneRegion() throws {
        let checkpoint = try open(#"{"a":"s-1.safetensors","b":"s-2.safetensors"}"#)
        #expect(checkpoint.tensors.keys.sorted() == ["a", "b"])
        #expect(try checkpoint.floats("a") == [1, 2])
        #expect(try checkpoint.floats("b") == [3])
        let region = checkpoint.region
        #expect(region.files.map(\.name) == ["s-1.safetensors", "s-2.safetensors"])
        let entry = try checkpoint.tensor("b")
        let value = withExtendedLifetime(region) {
            region.base.loadUnaligned(fromByteOffset: entry.offset, as: Float.self)
        }
        #expect(value == 3)
        #expect(region.arenaOffset == region.count)
    }

    @Test func prefersASingleFile() throws {
        try folder.write(safetensors("{}"), "model.safetensors")
        #expect(try open(#"{"a":"s-1.safetensors"}"#).tensors.isEmpty)
    }

    @Test(arguments: [
        "../s-1.safetensors", "/etc/passwd", "sub/s.safetensors", "..", ".", "", "a\\\\b",
        "a\\u0000b",
    ]) func refusesShardsElsewhere(name: String) {
        #expect(error("{\"a\":\"\(name)\"}")?.code == .unsafeShardName)
    }

    @Test func namesMissingShards() {
        let error = error(#"{"a":"s-1.safetensors","b":"s-3.safetensors","c":"s-4.safetensors"}"#)
        #expect(error?.code == .missingShard)
        #expect(error?.problem.contains("s-3.safetensors") == true)
    }

    @Test func namesATensorThatIsNotInItsShard() {
        let error = error(#"{"a":"s-2.safetensors"}"#)
        #expect(error?.code == .tensorNotInShard)
        #expect(error?.description.contains("\"a\"") == true)
    }

    @Test func refusesABrokenIndex() throws {
        #expect(error("[]")?.code == .invalidJSON)
        #expect(error(#"{"a":1}"#)?.code == .invalidJSON)
        #expect(error(#"{"a":"x","a":"y"}"#)?.code == .duplicateName)
        try folder.write(Array("{\"metadata\":{}}".utf8), "model.safetensors.index.json")
        #expect(checkpointError { _ = try Checkpoint(at: folder.url) }?.code == .missingField)
    }
}
