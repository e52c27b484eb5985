import Foundation
import Testing

@testable import BlipCheckpoint

/// The fuzz targets' bodies (see Fuzz/), run on the same mutated files in every run. What they must
/// not do is trap; what is accepted must lie in the file.
@Suite struct MutationTests {
    private func fixture(_ name: String) throws -> [UInt8] {
        let fixtures = Bundle.module.url(forResource: "Fixtures", withExtension: nil)
        return [UInt8](try Data(contentsOf: #require(fixtures).appendingPathComponent(name)))
    }

    /// Runs `body` on mutations of a file; of both outcomes there must be some.
    private func mutate(
        _ sample: [UInt8], times: Int, _ body: (UnsafeRawBufferPointer) throws -> Bool
    ) {
        var generator = SeededGenerator(seed: UInt64(sample.count))
        var accepted = 0
        for _ in 0..<times {
            let bytes = sample.mutated(by: &generator)
            let error = checkpointError {
                let isSound = try bytes.withUnsafeBytes(body)
                #expect(isSound, "\(bytes)")
            }
            if error == nil { accepted += 1 }
        }
        #expect(accepted > 0 && accepted < times, "\(accepted) of \(times) accepted")
    }

    @Test func safetensorsHeaders() {
        mutate(SafetensorsHeaderTests.sample, times: 8_000) { try FuzzTarget.safetensors($0) }
    }

    @Test func shardIndices() {
        let index = #"{"metadata":{"total_size":12},"weight_map":{"a":"s1.bin","b":"s\u0032.bin"}}"#
        mutate(Array(index.utf8), times: 4_000) { try FuzzTarget.shardIndex($0) }
    }

    @Test func zipDirectories() {
        let zip = ZipBuilder(entries: [
            .init(name: "a", content: [1, 2, 3]),
            .init(name: "b", content: [4], flags: 8, hasDescriptor: true, isWide: true),
        ])
        mutate(zip.bytes(), times: 4_000) { try FuzzTarget.zipDirectory($0) }
    }

    @Test func pickles() {
        let tensor = Assemble.tensor(
            Assemble.storage(count: 6), offset: 1, shape: [2, 2], strides: [1, 2])
        let pickle = Assemble.pickle(
            Assemble.dictionary([("model", Assemble.dictionary([("t", tensor)]))]))
        mutate(pickle, times: 4_000) { try FuzzTarget.pickle($0) }
    }

    @Test(arguments: ["zip.bin", "legacy.bin"])
    func torchFiles(name: String) throws {
        mutate(try fixture(name), times: 300) { try FuzzTarget.weights($0) }
    }
}
