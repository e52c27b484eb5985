import Foundation
import Testing

@testable import BlipCheckpoint

@Suite struct BlipCheckpointTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func opensAFolder() throws {
        try folder.write(SafetensorsHeaderTests.sample, "model.safetensors")
        let checkpoint = try Checkpoint(at: folder.url)
        #expect(checkpoint.tensors.keys.sorted() == ["a", "b"])
        #expect(try checkpoint.floats("a") == [1, 2])
        #expect(try checkpoint.floats("b") == [1, -2])
        #expect(try checkpoint.withBytes(of: "b") { [UInt8]($0) } == [0, 0x3C, 0, 0xC0])
        #expect(checkpoint.metadata == ["format": "pt"])
    }

    /// The example of the library's documentation.
    @Test func documentationExample() throws {
        try folder.write(
            safetensors("{\(member("scale", "F16", "[2]", 0, 4))}", [0, 0x3C, 0, 0xC0]),
            "model.safetensors")
        let folder = folder.url

        let checkpoint = try Checkpoint(at: folder)
        let entry = try checkpoint.tensor("scale")
        print(entry.shape, entry.dataType)  // [2] F16
        print(try checkpoint.floats("scale"))  // [1.0, -2.0]

        #expect("\(entry.shape) \(entry.dataType)" == "[2] F16")
        #expect("\(try checkpoint.floats("scale"))" == "[1.0, -2.0]")
    }

    @Test func copiesWhatLiesUnaligned() throws {
        let data = [9] + [Float(3), 4].bytes
        let header = "{\(member("u", "U8", "[1]", 0, 1)),\(member("f", "F32", "[2]", 1, 9))}"
        let file = try folder.write(safetensors(header, data), "x.safetensors")
        let checkpoint = try Checkpoint(at: file)
        let entry = try checkpoint.tensor("f")
        #expect(entry.offset.isMultiple(of: 4))
        #expect(try checkpoint.floats("f") == [3, 4])
    }

    /// Beside others, tensors of the same name stay apart, and all lie in one region.
    @Test func opensFilesBesideIt() throws {
        try folder.write(SafetensorsHeaderTests.sample, "model.safetensors")
        let other = try folder.write(
            safetensors("{\(member("a", "F32", "[1]", 0, 4))}", [Float(7)].bytes),
            "other.safetensors")
        let checkpoint = try Checkpoint(at: folder.url, beside: [other])
        #expect(checkpoint.tensors.keys.sorted() == ["a", "b"])
        let entry = try #require(checkpoint.others.first?["a"])
        #expect(try checkpoint.floats(of: entry) == [7])
        #expect(try checkpoint.floats("a") == [1, 2])
        let replaced = try checkpoint.replacing(entry, with: [8])
        #expect(try checkpoint.floats(of: replaced) == [8])
        #expect(checkpoint.region.files.map(\.name) == ["model.safetensors", "other.safetensors"])
    }

    /// A trainer's random numbers have the ending of Salesforce's weights.
    @Test func passesOverATrainersState() throws {
        try folder.write([1, 2, 3], "rng_state.pth")
        try folder.write([1, 2, 3], "rng_state_0.pth")
        let error = checkpointError { _ = try Checkpoint(at: folder.url) }
        #expect(error?.code == .noWeights)
        try folder.write(SafetensorsHeaderTests.sample, "best.pth")
        #expect(try Checkpoint(at: folder.url).tensors.count == 2)
    }

    @Test func namesWhatItLookedFor() throws {
        let error = checkpointError { _ = try Checkpoint(at: folder.url) }
        #expect(error?.code == .noWeights)
        #expect(error?.problem.contains("model.safetensors") == true)
        let missing = folder.url.appendingPathComponent("nowhere")
        #expect(checkpointError { _ = try Checkpoint(at: missing) }?.code == .noWeights)
    }

    @Test func namesAnUnknownTensorAndAWrongType() throws {
        let file = try folder.write(
            safetensors("{\(member("i", "F8_E4M3", "[1]", 0, 1))}", [1]), "x.safetensors")
        let checkpoint = try Checkpoint(at: file)
        #expect(checkpointError { _ = try checkpoint.tensor("j") }?.code == .unknownTensor)
        let error = checkpointError { _ = try checkpoint.floats("i") }
        #expect(error?.code == .unsupportedDataType)
        #expect(error?.description.contains("F8_E4M3") == true)
    }

    @Test func recognizesFailedDownloads() throws {
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
        try folder.write(Array(pointer.utf8), "model.safetensors")
        let error = checkpointError { _ = try Checkpoint(at: folder.url) }
        #expect(error?.code == .notACheckpoint)
        #expect(error?.remedy.contains("git lfs pull") == true)
        try folder.write(Array("<!DOCTYPE html>".utf8), "model.safetensors")
        #expect(checkpointError { _ = try Checkpoint(at: folder.url) }?.code == .notACheckpoint)
        try folder.write([], "model.safetensors")
        #expect(checkpointError { _ = try Checkpoint(at: folder.url) }?.code == .fileTooShort)
    }

    @Test(.enabled(if: FileManager.default.isReadableFile(atPath: "/dev/null")))
    func refusesDevices() {
        let error = checkpointError { _ = try Checkpoint(at: URL(fileURLWithPath: "/dev/null")) }
        #expect(error?.code == .unreadable)
    }
}
