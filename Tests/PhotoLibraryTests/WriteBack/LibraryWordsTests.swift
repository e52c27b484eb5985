import BlipCommandSupport
import BlipPictures
import Foundation
import Testing

@testable import PhotoLibrary

@Suite("Words of a library, written into its files", .serialized)
struct LibraryWordsTests {
    /// A caption is of the picture that was indexed, and of none that has its place now.
    @Test(.enabled(if: hasExifTool)) func aPictureThatWasReplacedKeepsItsWords() async throws {
        let folder = try TestFolder()
        try folder.addSamples(["four-dogs.png", "three-pigs.png"])
        let library = try folder.library()
        _ = try await Indexer(library, model: try TestModels.demo.get()).index([folder.photos])
        let replaced = folder.photos.appending(path: "four-dogs.png")
        try FileManager.default.removeItem(at: replaced)
        try FileManager.default.copyItem(
            at: TestFolder.samples.appending(path: "car-above-star.png"), to: replaced)
        let before = try Data(contentsOf: replaced)
        let words = LibraryWords(library, options: WordWriter.Options(place: .embedded))
        await #expect(throws: Failure.self) {
            try await words.writeNew(in: [], json: false)
        }
        #expect(try Data(contentsOf: replaced) == before)
        let pigs = folder.photos.appending(path: "three-pigs.png")
        let original = try Data(contentsOf: TestFolder.samples.appending(path: "three-pigs.png"))
        #expect(try Data(contentsOf: pigs) != original)
        #expect(try library.photo(at: pigs)?.caption?.contains("pigs") == true)
    }

    @Test func whatWasWrittenIsKnownAfterAMove() async throws {
        let folder = try TestFolder()
        try folder.addSamples(["four-dogs.png"])
        let library = try folder.library()
        let indexer = Indexer(library, model: try TestModels.demo.get())
        _ = try await indexer.index([folder.photos])
        let item = try #require(
            try library.captionsToWrite(in: [], unwrittenIn: .embedded).first)
        for place in [WordWriter.Place.embedded, .sidecar(.full)] {
            try library.noteWritten(item.caption, for: item.picture, in: place)
        }
        try FileManager.default.rename("four-dogs.png", "moved.png", in: folder.photos)
        #expect(try await indexer.index([folder.photos]).moved == 1)
        #expect(try library.captionsToWrite(in: [], unwrittenIn: .embedded).isEmpty)
        // The sidecar stayed behind.
        #expect(
            try library.captionsToWrite(in: [], unwrittenIn: .sidecar(.full)).count == 1)
    }
}
