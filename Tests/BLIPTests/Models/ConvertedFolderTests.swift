import BLIP
import Foundation
import Pictures
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
            try await model.rank(["a", "b"], for: Question("what is it", about: image))
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
}
