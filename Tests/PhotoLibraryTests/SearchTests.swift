import BLIP
import Foundation
import Testing

@testable import PhotoLibrary

@Suite("Searching", .serialized)
struct SearchTests {
    @Test func wordsAndPicturesFindPictures() async throws {
        let folder = try TestFolder()
        try folder.addSamples()
        let model = try TestModels.demo.get()
        let writer = try folder.library()
        _ = try await Indexer(writer, model: model).index([folder.photos])
        let library = try folder.library(for: .reading)
        for (text, name) in [
            ("four dogs", "four-dogs.png"), ("an elephant left of a cow", "elephant-and-cow.png"),
            ("a car above a star", "car-above-star.png"),
        ] {
            let hits = try library.search(try await model.query(text))
            #expect(hits.count == 4)
            #expect(hits.first?.photo.file.lastPathComponent == name, "\(text)")
            let found = try await model.rerank(hits, by: text)
            #expect(found.hits.map(\.photo.file.lastPathComponent) == [name], "\(text)")
            #expect((found.bestOfRest?.matchProbability ?? 1) < 0.5)
        }
        let none = try await model.rerank(
            try library.search(try await model.query("two cats")), by: "two cats")
        #expect(none.hits.isEmpty && none.bestOfRest != nil)
        let like = try library.search(
            try await model.query(like: TestFolder.samples.appending(path: "three-pigs.png")))
        #expect(like.first?.photo.file.lastPathComponent == "three-pigs.png")
        #expect((like.first?.similarity ?? 0) > 0.99)
    }

    @Test func foldersAndDatesNarrowASearch() async throws {
        let folder = try TestFolder()
        try folder.addSamples()
        let files = FileManager.default
        let below = folder.photos.appending(path: "below")
        try files.createDirectory(at: below, withIntermediateDirectories: false)
        try files.rename("four-dogs.png", "below/four-dogs.png", in: folder.photos)
        let date = Date(timeIntervalSince1970: 1_500_000_000)  // July 2017
        try files.setAttributes(
            [.modificationDate: date],
            ofItemAtPath: folder.photos.appending(path: "three-pigs.png").path)
        let library = try folder.library()
        let model = try TestModels.demo.get()
        _ = try await Indexer(library, model: model).index([folder.photos])
        var query = try await model.query("three pigs")
        func names() throws -> [String] {
            try library.search(query).map(\.photo.file.lastPathComponent)
        }
        query.until = "2017"
        #expect(try names() == ["three-pigs.png"])
        query.until = nil
        query.since = "2017-08"
        #expect(try names().count == 3)
        for date in ["yesterday", "2017-13", "2017-02-30", "2017-08-01T25:00"] {
            query.since = date
            #expect(throws: LibraryError.self, "\(date)") { try names() }
        }
        query.since = nil
        query.folder = below
        #expect(try names() == ["four-dogs.png"])
        // A folder whose name only begins so.
        query.folder = folder.photos.appending(path: "bel")
        #expect(try names().isEmpty)
        query = SearchQuery(limit: 2)
        #expect(try names().count == 2)
    }

    /// A folder that is reached by a link, and one that another picture is in now.
    @Test func placesThatAreNotWhatTheyWere() async throws {
        let folder = try TestFolder()
        try folder.addSamples(["four-dogs.png"])
        let files = FileManager.default
        let linked = folder.url.appending(path: "linked")
        try files.createDirectory(at: linked, withIntermediateDirectories: false)
        try files.copyItem(
            at: TestFolder.samples.appending(path: "three-pigs.png"),
            to: linked.appending(path: "pigs.png"))
        let link = folder.photos.appending(path: "link")
        try files.createSymbolicLink(at: link, withDestinationURL: linked)
        let library = try folder.library()
        _ = try await Indexer(library, model: try TestModels.demo.get()).index([folder.photos])
        var query = SearchQuery()
        query.folder = link
        let found = try library.search(query)
        #expect(found.map(\.photo.file.lastPathComponent) == ["pigs.png"])
        let pigs = try #require(found.first?.photo)
        #expect(try library.file(of: pigs.id)?.lastComponent.description == "pigs.png")
        try folder.addSquares(1)
        let file = linked.appending(path: "pigs.png")
        try files.removeItem(at: file)
        // Not there: whoever opens it is told so.
        #expect(try library.file(of: pigs.id) != nil)
        try files.moveItem(at: folder.photos.appending(path: "square-0.png"), to: file)
        #expect(try library.file(of: pigs.id) == nil)
    }

    @Test func copiesAndNearDuplicatesAreGrouped() async throws {
        let folder = try TestFolder()
        try folder.addSamples()
        try FileManager.default.copyItem(
            at: folder.photos.appending(path: "four-dogs.png"),
            to: folder.photos.appending(path: "same.png"))
        let library = try folder.library()
        _ = try await Indexer(library, model: try TestModels.demo.get()).index([folder.photos])
        let groups = try library.duplicates(atLeast: 0.999)
        #expect(groups.count == 1)
        #expect(groups.first?.members.count == 2)
        #expect(groups.first?.members.allSatisfy { $0.similarity == 1 } == true)
        #expect(try library.duplicates(atLeast: nil).count == 1)
        #expect(try library.duplicates(atLeast: -1).first?.members.count == 5)
    }

    @Test func wordsAreNoOperators() throws {
        #expect(TextQuery("the of a") == nil)
        #expect(TextQuery("") == nil)
        #expect(
            TextQuery("NEAR(\"x\" OR y*) -z")?.expression
                == #""near" OR "x" OR "y" OR "z""#)
    }
}
