import BLIP
import Foundation
import BlipPictures
import Testing

@Suite("Compiled models that are kept")
struct CompiledCacheTests {
    private let checkpoint = Record.fixtures.appending(path: "checkpoints/caption-f16")

    /// A checkpoint's weights are replaced under the same name, at the same size and with the same
    /// time of modification: what was compiled of the old ones is not used.
    @Test func replacedWeightsAreCompiledAnew() async throws {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? files.removeItem(at: folder) }
        try files.createDirectory(at: folder, withIntermediateDirectories: true)
        let copy = folder.appending(path: "model")
        try files.copyItem(at: checkpoint, to: copy)
        let weights = copy.appending(path: "model.safetensors")

        let first = try await run(copy, folder)
        #expect(first.isFromCache == [false])
        #expect(try await run(copy, folder).isFromCache == [true])

        let date = try files.attributesOfItem(atPath: weights.path)[.modificationDate]
        var bytes = try Data(contentsOf: weights)
        // The last tensor's sign bits: another model of the same shape.
        for index in stride(from: bytes.count - 1, to: bytes.count - 4000, by: -2) {
            bytes[index] ^= 0x80
        }
        try bytes.write(to: weights)
        try files.setAttributes(
            [.modificationDate: try #require(date)], ofItemAtPath: weights.path)
        let second = try await run(copy, folder)
        #expect(second.isFromCache == [false])
        #expect(second.embeddings != first.embeddings)
    }

    /// What was not used for long goes when something new comes; what is used stays.
    @Test func whatIsNotUsedIsDeleted() async throws {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? files.removeItem(at: folder) }
        let cache = folder.appending(path: "cache")
        try files.createDirectory(at: cache, withIntermediateDirectories: true)
        func content() throws -> Set<String> {
            Set(try files.contentsOfDirectory(atPath: cache.path))
        }
        func age(_ names: Set<String>) throws {
            for name in names {
                try files.setAttributes(
                    [.modificationDate: Date.now - 31 * 24 * 60 * 60],
                    ofItemAtPath: cache.appending(path: name).path)
            }
        }
        _ = try await run(checkpoint, folder)
        let first = try content()
        #expect(first.count == 1)

        // Of ours: what was not used, what a program that was killed was about to add, and what is new.
        let temporary = ".swift-blip-\(UUID().uuidString)"
        let old: Set = ["swift-blip-1", "swift-blip-openvino", temporary, "\(temporary)-not"]
        let new: Set = ["swift-blip-2"]
        // What others may keep here: OpenVINO's own names are numbers too.
        let foreign: Set = ["my.blob", "12345.blob", "notes.txt"]
        let folders: Set = ["swift-blip-notes", ".config", "swift-blip-3"]
        for name in foreign { try Data("x".utf8).write(to: cache.appending(path: name)) }
        for name in old.union(new).union(folders) {
            let place = cache.appending(path: name)
            try files.createDirectory(at: place, withIntermediateDirectories: false)
            try Data("x".utf8).write(to: place.appending(path: "7.blob"))
        }
        try Data("x".utf8).write(to: cache.appending(path: "swift-blip-3/mine.txt"))
        let everything = try content()
        let aged = everything.subtracting(new)
        let blobs = aged.flatMap { ["\($0)/7.blob", "\($0)/\($0.dropFirst(11)).blob"] }
        try age(aged.union(blobs.filter(there)))
        #expect(try await run(checkpoint, folder).isFromCache == [true])
        #expect(try content() == everything)

        let other = checkpoint.deletingLastPathComponent().appending(path: "caption-wide-vision")
        #expect(try await run(other, folder).isFromCache == [false])
        let gone: Set = ["swift-blip-1", "swift-blip-openvino", temporary]
        #expect(everything.subtracting(try content()) == gone)
        #expect(try content().count == everything.count - gone.count + 1)
        #expect(there("swift-blip-notes/7.blob") && there("swift-blip-3/mine.txt"))
        #expect(!there("swift-blip-3/7.blob"))

        func there(_ name: String) -> Bool {
            files.fileExists(atPath: cache.appending(path: name).path)
        }
    }

    private func run(
        _ model: URL, _ folder: URL
    ) async throws -> (isFromCache: Set<Bool?>, embeddings: [Float]) {
        let options = RuntimeOptions(
            device: "CPU", precision: .f32, cacheDirectory: folder.appending(path: "cache"))
        let model = try BlipModel(folder: model, options: options)
        let photo = try Picture(
            contentsOf: Record.fixtures.appending(path: "photos/china.jpg"),
            options: await model.pictureOptions)
        let image = try await model.encode(photo)
        return (
            Set(await model.compilations().map(\.isFromCache)),
            try await model.patchEmbeddings(of: image)
        )
    }

    @Test func onlyExactModelsNeedEveryPixel() async throws {
        let exact = try BlipModel(
            folder: checkpoint, options: RuntimeOptions(device: "CPU", precision: .f32))
        #expect(await exact.pictureOptions.detail == .exact)
        let narrow = try BlipModel(
            folder: checkpoint, options: RuntimeOptions(device: "CPU", precision: .bf16))
        let side = narrow.configuration.vision.imageSize
        #expect(await narrow.pictureOptions.detail == .fast(side: side))
    }
}
