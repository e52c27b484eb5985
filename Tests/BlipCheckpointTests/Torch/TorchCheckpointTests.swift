import Foundation
import Testing

@testable import BlipCheckpoint

/// Files that PyTorch wrote (see Fixtures/make.py).
@Suite struct TorchCheckpointTests {
    private func fixture(_ name: String) throws -> URL {
        let fixtures = Bundle.module.url(forResource: "Fixtures", withExtension: nil)
        return try #require(fixtures).appendingPathComponent(name)
    }

    @Test(arguments: [
        "zip.bin", "zip-protocol4.bin", "legacy.bin", "legacy-protocol4.bin", "salesforce.pth",
        "salesforce-legacy.pth",
    ]) func readsWhatTorchSaves(file: String) throws {
        let checkpoint = try Checkpoint(at: fixture(file))
        let floats: [(String, [Int], [Float])] = [
            ("linear.weight", [2, 3], [1, 2, 3, 4, 5, 6]),
            ("linear.bias", [2], [-0.5, 0.25]),
            ("half", [2], [1.5, -2]),
            ("bfloat", [2], [1.5, -2]),
            ("double", [], [0.1]),
            ("empty", [0, 5], []),
            ("transposed", [3, 2], [1, 4, 2, 5, 3, 6]),
            ("row", [3], [4, 5, 6]),
            ("column", [2], [2, 5]),
            ("tied", [2, 3], [1, 2, 3, 4, 5, 6]),
            ("parameter", [2], [-0.5, 0.25]),
        ]
        for (name, shape, values) in floats {
            #expect(try checkpoint.tensor(name).shape == shape, "\(name)")
            #expect(try checkpoint.floats(name) == values, "\(name)")
        }
        let bytes: [(String, DataType, [UInt8])] = [
            ("position_ids", .i64, [0, 1, 2, 3].flatMap { Int64($0).bytes }),
            ("ints", .i32, [-1, 2].flatMap { Int32($0).bytes }),
            ("shorts", .i16, [-1, 2, 3].flatMap { Int16($0).bytes }),
            ("bytes", .u8, [1, 255, 3]),
            ("chars", .i8, [255]),
            ("bools", .bool, [1, 0]),
        ]
        for (name, type, values) in bytes {
            #expect(try checkpoint.tensor(name).dataType == type, "\(name)")
            #expect(try checkpoint.withBytes(of: name) { [UInt8]($0) } == values, "\(name)")
        }
        #expect(checkpoint.tensors.count == floats.count + bytes.count)
        for entry in checkpoint.tensors.values {
            #expect(entry.offset.isMultiple(of: entry.dataType.byteWidth), "\(entry.name)")
        }
        let tied = [try checkpoint.tensor("linear.weight"), try checkpoint.tensor("tied")]
        #expect(tied[0].offset == tied[1].offset)
    }

    @Test func mapsArchivesWithoutCopy() throws {
        let checkpoint = try Checkpoint(at: fixture("zip.bin"))
        let file = try #require(checkpoint.region.files.first)
        for name in ["linear.weight", "linear.bias", "half", "row", "position_ids"] {
            let entry = try checkpoint.tensor(name)
            #expect(entry.offset + entry.byteCount <= file.byteCount, "\(name)")
        }
        let storage = try checkpoint.tensor("linear.weight")
        #expect(storage.offset.isMultiple(of: 64))
    }

    @Test func readsShards() throws {
        let checkpoint = try Checkpoint(at: fixture("sharded"))
        #expect(checkpoint.region.files.count == 2)
        #expect(try checkpoint.floats("linear.weight") == [1, 2, 3, 4, 5, 6])
        #expect(try checkpoint.floats("linear.bias") == [-0.5, 0.25])
    }

    @Test func prefersSafetensorsAndTakesASinglePth() throws {
        let folder = try TemporaryFolder()
        let pth = try Data(contentsOf: fixture("salesforce.pth"))
        try folder.write([UInt8](pth), "model_base.pth")
        #expect(try Checkpoint(at: folder.url).tensors["half"] != nil)

        try folder.write([UInt8](pth), "other.pth")
        let error = checkpointError { _ = try Checkpoint(at: folder.url) }
        #expect(error?.code == .noWeights)
        #expect(error?.problem.contains("model_base.pth, other.pth") == true)

        try folder.write([UInt8](try Data(contentsOf: fixture("zip.bin"))), "pytorch_model.bin")
        #expect(try Checkpoint(at: folder.url).tensors["half"] != nil)

        try folder.write(safetensors("{}"), "model.safetensors")
        #expect(try Checkpoint(at: folder.url).tensors.isEmpty)
    }

    @Test func refusesRealObjectsByName() throws {
        let module = checkpointError { _ = try Checkpoint(at: fixture("refused-module.bin")) }
        #expect(module?.code == .pickleForbiddenName)
        #expect(module?.problem.contains("__main__.Model") == true)
        #expect(module?.remedy.contains("state_dict()") == true)
        let set = checkpointError { _ = try Checkpoint(at: fixture("refused-set.bin")) }
        #expect(set?.code == .pickleForbiddenName)
        #expect(set?.problem.contains("builtin") == true)
    }

    @Test(arguments: ["zip.bin", "legacy.bin"])
    func refusesTruncation(file: String) throws {
        let whole = [UInt8](try Data(contentsOf: fixture(file)))
        for count in stride(from: 9, to: whole.count, by: 23) {
            let error = checkpointError {
                _ = try whole.prefix(count).withUnsafeBytes { buffer in
                    let bytes = ByteView(buffer)
                    _ =
                        file == "zip.bin"
                        ? try TorchArchive.read(bytes, file: file)
                        : try TorchLegacyFile.read(bytes, file: file)
                }
            }
            #expect(error != nil, "cut to \(count) bytes")
        }
    }

    /// What training scripts put the weights under.
    @Test(arguments: ["model", "state_dict", "model_state_dict", "module"])
    func wrapped(name: String) throws {
        let tensor = Assemble.tensor(
            Assemble.storage(count: 6), offset: 1, shape: [2, 2], strides: [1, 2])
        let pickle = Assemble.pickle(
            Assemble.dictionary([(name, Assemble.dictionary([("t", tensor)]))]))
        let names = try pickle.withUnsafeBytes { bytes in
            let read = try Unpickler.load(ByteView(bytes), file: "x")
            return try StateDictionary(read, file: "x").tensors.map(\.name)
        }
        #expect(names == ["t"])
    }
}
