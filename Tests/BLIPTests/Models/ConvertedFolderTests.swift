@testable import BLIP
@testable import BlipConversion
import Foundation
import BlipPictures
import Testing

@Suite("Converted folders")
struct ConvertedFolderTests {
    /// Its graphs and its configuration are files of their own, and may be of two models.
    @Test func anotherVocabularyIsRefused() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let checkpoint = Record.fixtures.appending(path: "checkpoints/all-tasks")
        _ = try BlipConverter(checkpoint: checkpoint).write(to: folder)
        let file = folder.appending(path: "config.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        let changed = text.replacing(/"vocab_size": \d+/, with: "\"vocab_size\": 9999")
        #expect(changed != text)
        try Data(changed.utf8).write(to: file)

        let model = try BlipModel(folder: folder, options: RuntimeOptions(device: "CPU"))
        let photo = Record.fixtures.appending(path: "photos/china.jpg")
        let image = try await model.encode(Picture(contentsOf: photo))
        let written = await #expect(throws: BlipError.self) { try await model.caption(image) }
        #expect(written?.code == .wrongTensor)
        let ranked = await #expect(throws: BlipError.self) {
            try await model.rank(["a", "b"], for: "what is it", about: image)
        }
        #expect(ranked?.code == .wrongTensor)
    }

    /// Also where only a byte is missing, behind which the last page's rest would be read as zeros.
    @Test func weightsThatAreCutOffAreRefused() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let checkpoint = Record.fixtures.appending(path: "checkpoints/caption-f16")
        _ = try BlipConverter(checkpoint: checkpoint).write(to: folder)
        let file = folder.appending(path: "vision.bin")
        try Data(contentsOf: file).dropLast().write(to: file)

        let model = try BlipModel(folder: folder, options: RuntimeOptions(device: "CPU"))
        let photo = try Picture(contentsOf: Record.fixtures.appending(path: "photos/china.jpg"))
        let error = await #expect(throws: BlipError.self) { try await model.encode(photo) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains(file.path) == true)
    }

    /// A converted folder whose manifest names a hidden one, as it does while files take their places.
    private struct Staged {
        let copy: CheckpointCopy
        let hidden: URL
        private let manifest: String

        init() throws {
            copy = try CheckpointCopy(nil, as: "converted")
            hidden = copy.folder.appending(path: ".swift-blip-\(UUID().uuidString)")
            let checkpoint = Record.fixtures.appending(path: "checkpoints/caption-f16")
            _ = try BlipConverter(checkpoint: checkpoint).write(to: copy.folder)
            let whole = copy.parent.appending(path: "whole")
            try FileManager.default.copyItem(at: copy.folder, to: whole)
            try FileManager.default.moveItem(at: whole, to: hidden)
            let file = copy.folder.appending(path: ConversionManifest.fileName)
            manifest = try String(contentsOf: file, encoding: .utf8)
            try copy.write(
                "{\"staging\":\"\(hidden.lastPathComponent)\",\(manifest.dropFirst())",
                ConversionManifest.fileName)
        }

        func end() throws {
            try copy.write(manifest, ConversionManifest.fileName)
            try FileManager.default.removeItem(at: hidden)
        }
    }

    @Test func partsAreFoundWhenTheyHaveTakenTheirPlaces() async throws {
        let staged = try Staged()
        let model = try BlipModel(
            folder: staged.copy.folder, options: RuntimeOptions(device: "CPU"))
        try staged.end()
        let photo = try Picture(contentsOf: Record.fixtures.appending(path: "photos/china.jpg"))
        let caption = try await model.caption(model.encode(photo))
        #expect(!caption.tokenIDs.isEmpty)
    }

    /// `cp FOLDER/*` leaves it out; what lies in its place may be half of the old model and half of the new.
    @Test func aCopyWithoutTheHiddenFolderIsRefused() throws {
        let staged = try Staged()
        #expect(try BlipModel.tasks(of: staged.copy.folder) == [.caption])
        try FileManager.default.removeItem(at: staged.hidden)
        let error = #expect(throws: BlipError.self) {
            try BlipModel.tasks(of: staged.copy.folder)
        }
        #expect(error?.message.contains("hidden files") == true)
    }

    /// Also where the manifest cannot be read any more.
    @Test func whatMayBeTheModelStays() throws {
        let copy = try CheckpointCopy(nil, as: "converted")
        var folder = try ConversionFolder(copy.folder)
        try Data().write(to: folder.staging.appending(path: "vision.bin"))
        // Nothing takes the place of a folder.
        try FileManager.default.createDirectory(
            at: copy.folder.appending(path: "vision.bin"), withIntermediateDirectories: false)
        #expect(throws: CocoaError.self) {
            try folder.commit(.init(weights: .f16, parts: [.vision], tasks: []))
        }
        try copy.write("", ConversionManifest.fileName)
        folder.close()
        #expect(folder.staging.isFolder)
    }
}
