import BLIP
import BlipDemoModel
import BlipPictures
import Foundation
import GRDB
import Testing

@testable import PhotoLibrary

@Suite("Indexing", .serialized)
struct IndexTests {
    @Test func onlyWhatChangedIsLookedInto() async throws {
        let folder = try TestFolder()
        try folder.addSamples()
        let library = try folder.library()
        let indexer = Indexer(library, model: try TestModels.demo.get())
        let files = FileManager.default
        #expect(try await indexer.index([folder.photos]) == IndexSummary(added: 4))
        let photo = try #require(
            try library.photo(at: folder.photos.appending(path: "four-dogs.png")))
        #expect(photo.caption?.contains("dogs") == true)
        #expect(try library.embedding(of: photo)?.values.isEmpty == false)
        #expect(try await indexer.index([folder.photos]) == IndexSummary(unchanged: 4))

        try files.rename("four-dogs.png", "renamed.png", in: folder.photos)
        try files.copyItem(
            at: folder.photos.appending(path: "three-pigs.png"),
            to: folder.photos.appending(path: "copy.png"))
        try files.removeItem(at: folder.photos.appending(path: "car-above-star.png"))
        #expect(
            try await indexer.index([folder.photos])
                == IndexSummary(added: 1, copied: 1, unchanged: 2, moved: 1, removed: 1))
        #expect(try library.count == 3)
        let moved = try #require(try library.photo(photo.id))
        #expect(moved.files.map(\.lastPathComponent) == ["renamed.png"])
        #expect(moved.caption == photo.caption)

        // Moved without the inode, as to another disk: known by its bytes.
        let away = folder.photos.appending(path: "renamed.png")
        let bytes = try Data(contentsOf: away)
        try files.removeItem(at: away)
        try bytes.write(to: folder.photos.appending(path: "elsewhere.png"))
        #expect(
            try await indexer.index([folder.photos]) == IndexSummary(unchanged: 3, moved: 1))

        // Other bytes under a name.
        try bytes.write(to: folder.photos.appending(path: "copy.png"))
        #expect(
            try await indexer.index([folder.photos]) == IndexSummary(changed: 1, unchanged: 3))
        #expect(try library.photo(photo.id)?.files.count == 2)
        try expectWhole(library)
    }

    @Test func wordsOfFilesAndSidecarsAreFound() async throws {
        let folder = try TestFolder()
        try folder.addSamples(["three-pigs.png"])
        let library = try folder.library()
        let indexer = Indexer(library, model: try TestModels.demo.get())
        _ = try await indexer.index([folder.photos])
        #expect(try library.search(SearchQuery(text: "Reykjavík")).isEmpty)
        let sidecar = folder.photos.appending(path: "three-pigs.png.xmp")
        try Data(WordsTests.packet.utf8).write(to: sidecar)
        #expect(try await indexer.index([folder.photos]) == IndexSummary(changed: 1))
        for text in ["Reykjavík", "reykjavik", "harbours", "pigs"] {
            #expect(try library.search(SearchQuery(text: text)).count == 1, "\(text)")
        }
        let photo = try #require(try library.photos().first)
        #expect(photo.words.keywords == ["harbour", "winter"])
        // One that is no XML is told of; the picture stays.
        try Data("<no xml".utf8).write(to: sidecar)
        let events = Events()
        #expect(
            try await indexer.index([folder.photos], report: events.take)
                == IndexSummary(changed: 1))
        #expect(events.notes.count == 1 && events.notes[0].contains("three-pigs.png.xmp"))
        #expect(try library.search(SearchQuery(text: "winter")).isEmpty)
        #expect(try library.count == 1)
    }

    @Test func whatCannotBeReadIsToldOfAndNotReadAgain() async throws {
        let folder = try TestFolder()
        try folder.addSamples(["three-pigs.png"])
        try Data("no picture at all".utf8).write(to: folder.photos.appending(path: "broken.jpg"))
        let name = RawPath(folder.photos).appending([0x63, 0xE9] + Array(".png".utf8))
        let sample = TestFolder.samples.appending(path: "four-dogs.png").path
        // Foundation cannot name it.
        #expect(name.withCString { symlink(sample, $0) } == 0)
        let library = try folder.library()
        let indexer = Indexer(library, model: try TestModels.demo.get())
        for round in 0..<2 {
            let events = Events()
            let summary = try await indexer.index([folder.photos], report: events.take)
            #expect(events.failures.count == 1 && events.failures[0].contains("broken.jpg"))
            #expect(events.found == (round == 0 ? 3 : 0))
            #expect(summary.failed == 1)
        }
        let paths = try library.photos().flatMap(\.paths)
        #expect(paths.contains(name))
        try folder.addSamples(["car-above-star.png"])
        try FileManager.default.removeItem(at: folder.photos.appending(path: "broken.jpg"))
        let summary = try await indexer.index([folder.photos])
        #expect(summary == IndexSummary(added: 1, unchanged: 2, removed: 1))
    }

    @Test func anotherModelIsToldOf() async throws {
        let folder = try TestFolder()
        try folder.addSamples(["three-pigs.png", "four-dogs.png"])
        let library = try folder.library()
        let (demo, int8) = (try TestModels.demo.get(), try TestModels.int8.get())
        _ = try await Indexer(library, model: demo).index([folder.photos])
        await #expect {
            try await Indexer(library, model: int8).index([folder.photos])
        } throws: { error in
            (error as? LibraryError)?.code == .otherModel
        }
        var options = IndexOptions()
        options.updatesModel = true
        let summary = try await Indexer(library, model: int8, options: options)
            .index([folder.photos])
        #expect(summary == IndexSummary(changed: 2))
        #expect(try library.usedModels().vectors?.fingerprint == int8.fingerprint)
        let hits = try library.search(try await int8.query("four dogs"))
        #expect(hits.first?.photo.file.lastPathComponent == "four-dogs.png")
        #expect(hits.allSatisfy { $0.similarity != nil })
        try expectWhole(library)
    }

    /// Of one checkpoint, which vectors alone do not show.
    @Test func vectorsOfOtherSettingsAreNotMixed() async throws {
        let folder = try TestFolder()
        try folder.addSamples(["three-pigs.png", "four-dogs.png"])
        let library = try folder.library()
        let (demo, small) = (try TestModels.demo.get(), try TestModels.small.get())
        _ = try await Indexer(library, model: demo).index([folder.photos])
        #expect(try library.usedModels().vectors?.settings == demo.model.encodingSettings)
        #expect(try library.usedModels().captions?.settings == demo.model.encodingSettings)
        let rounded = try LibraryModel(
            folder: DemoModel.folder, options: RuntimeOptions(device: "CPU", weights: .int8))
        for (model, options) in [(small, "--image-size 64"), (rounded, "--weights int8")] {
            let error = await #expect(throws: LibraryError.self) {
                try await Indexer(library, model: model).index([folder.photos])
            }
            #expect(error?.code == .otherModel)
            #expect(error?.message.contains("demo --image-size 112, and") == true)
            #expect(error?.message.contains("\(options) cannot") == true)
            #expect(throws: LibraryError.self) { try library.check(model, looks: true) }
        }
        // Words have the same vectors at every picture size, but not by other weights.
        try library.check(small, looks: false)
        #expect(throws: LibraryError.self) { try library.check(rounded, looks: false) }
        let words = try await small.query("four dogs").vectors[0]
        #expect(try await demo.query("four dogs").vectors[0].cosine(to: words) > 0.9999)
        var options = IndexOptions()
        options.updatesModel = true
        #expect(
            try await Indexer(library, model: small, options: options).index([folder.photos])
                == IndexSummary(changed: 2))
        #expect(try library.usedModels().vectors?.settings == small.model.encodingSettings)
        try expectWhole(library)
    }

    @Test func anOlderLibraryTakesTheSettingsOfTheNextRun() async throws {
        let folder = try TestFolder()
        try folder.addSamples(["three-pigs.png", "four-dogs.png"])
        let library = try folder.library()
        let (demo, small) = (try TestModels.demo.get(), try TestModels.small.get())
        _ = try await Indexer(library, model: demo).index([folder.photos])
        let forgetSettings = {
            try library.write {
                let sql = "UPDATE model SET settings = ltrim(replace(settings, ?, ''))"
                try $0.execute(sql: sql, arguments: ["\(demo.model.encodingSettings)"])
            }
        }
        try forgetSettings()
        #expect(try library.usedModels().vectors?.settings == nil)
        try library.check(small, looks: true)
        let events = Events()
        #expect(
            try await Indexer(library, model: demo).index([folder.photos], report: events.take)
                == IndexSummary(unchanged: 2))
        #expect(events.notes.isEmpty)
        #expect(try library.usedModels().vectors?.settings == demo.model.encodingSettings)
        // Whoever has all seen again, has nothing taken for what it may not be.
        try forgetSettings()
        var options = IndexOptions()
        options.updatesModel = true
        #expect(
            try await Indexer(library, model: small, options: options).index([folder.photos])
                == IndexSummary(changed: 2))
    }

    @Test func anEmptiedFolderIsTakenForAMissingDisk() async throws {
        let folder = try TestFolder()
        try folder.addSamples(["three-pigs.png"])
        let library = try folder.library()
        let model = try TestModels.demo.get()
        _ = try await Indexer(library, model: model).index([folder.photos])
        try FileManager.default.removeItem(at: folder.photos.appending(path: "three-pigs.png"))
        let events = Events()
        let kept = try await Indexer(library, model: model)
            .index([folder.photos], report: events.take)
        #expect(kept.removed == 0 && events.notes.count == 1)
        var options = IndexOptions()
        options.emptiesFolders = true
        let emptied = try await Indexer(library, model: model, options: options)
            .index([folder.photos])
        #expect(emptied == IndexSummary(removed: 1))
        #expect(try library.count == 0)
    }

    #if os(Linux)
        /// Below a folder, by a link: removed are pictures only where no disk was.
        @Test(.enabled(if: FileManager.default.isWritableFile(atPath: "/dev/shm")))
        func aDiskBelowThatIsNotThereKeepsItsPictures() async throws {
            let folder = try TestFolder()
            try folder.addSquares(2)
            let files = FileManager.default
            let below = folder.photos.appending(path: "below")
            try files.createDirectory(at: below, withIntermediateDirectories: false)
            try files.rename("square-1.png", "below/square-1.png", in: folder.photos)
            let disk = URL(filePath: "/dev/shm/blip-\(UUID().uuidString)")
            try files.createDirectory(at: disk, withIntermediateDirectories: false)
            defer { try? files.removeItem(at: disk) }
            let away = disk.appending(path: "pigs.png")
            try files.copyItem(at: TestFolder.samples.appending(path: "three-pigs.png"), to: away)
            let link = folder.photos.appending(path: "disk")
            try files.createSymbolicLink(at: link, withDestinationURL: disk)
            let library = try folder.library()
            var indexer = Indexer(library, model: try TestModels.demo.get())
            #expect(try await indexer.index([folder.photos]) == IndexSummary(added: 3))
            // As what is told of while a folder is watched, the link alone.
            let told = try await indexer.index(paths: [RawPath(link)], followsLinks: false)
            #expect(told == IndexSummary(unchanged: 1))
            #expect(try library.disks(in: RawPath(folder.photos)) == [RawPath(link)])
            // Empty, behind a link to nothing, and gone, as a desktop unmounts it.
            for take in [
                { try files.removeItem(at: away) }, { try files.removeItem(at: disk) },
                { try files.removeItem(at: link) },
            ] {
                try take()
                for isWatching in [false, true] {
                    indexer.options.emptiesPlaces = isWatching
                    let events = Events()
                    #expect(
                        try await indexer.index([folder.photos], report: events.take)
                            == IndexSummary(unchanged: 2))
                    #expect(events.notes.count == 1 && events.notes[0].contains("photos/disk"))
                }
            }
            // A bare mount point, as it is compared alone while it is watched.
            try files.createDirectory(at: link, withIntermediateDirectories: false)
            let events = Events()
            #expect(
                try await indexer.index(
                    paths: [RawPath(link)], followsLinks: false, report: events.take)
                    == IndexSummary())
            #expect(events.notes.count == 1, "\(events.notes)")
            try files.removeItem(at: below)
            #expect(
                try await indexer.index([folder.photos]) == IndexSummary(unchanged: 1, removed: 1))
            indexer.options.emptiesFolders = true
            #expect(
                try await indexer.index([folder.photos]) == IndexSummary(unchanged: 1, removed: 1))
            #expect(try library.disks(in: RawPath(folder.photos)).isEmpty)
        }
    #endif

    /// By whoever has it open: what was read is whole, or it is told of.
    @Test func aPictureThatChangesIsToldOf() async throws {
        let folder = try TestFolder()
        let file = folder.photos.appending(path: "growing.png")
        // Of what is no picture only the beginning is read.
        let signature = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        try (signature + Data(count: 1 << 20)).write(to: file)
        let path = RawPath(file)
        let writer = Task.detached {
            let handle = try FileHandle(forWritingTo: file)
            while !Task.isCancelled {
                try handle.truncate(atOffset: 1 << 20)
                try handle.seekToEnd()
                try handle.write(contentsOf: Data([1]))
            }
        }
        defer { writer.cancel() }
        var message: String?
        for _ in 0..<10_000 where message == nil {
            do {
                let content = try PictureContent(of: path, limit: 1 << 30)
                #expect(Int64(content.bytes.count) == content.stamp.size)
            } catch {
                message = error.message
            }
            await Task.yield()
        }
        #expect(message?.contains("changes while it is read") == true)
    }

    @Test func aFileWithNewWordsKeepsWhatTheModelSaw() async throws {
        let folder = try TestFolder()
        try folder.addSamples(["three-pigs.png"])
        let library = try folder.library()
        _ = try await Indexer(library, model: try TestModels.demo.get()).index([folder.photos])
        let before = try #require(try library.photos().first)
        let vector = try library.embedding(of: before)
        var bytes = try Data(contentsOf: before.file)
        // Behind a PNG's end nothing is read.
        bytes.append(contentsOf: [1, 2, 3])
        try bytes.write(to: before.file)
        try library.replaced(RawPath(before.file))
        let after = try #require(try library.photos().first)
        #expect(after.id != before.id && after.caption == before.caption)
        #expect(try library.embedding(of: after) == vector)
        #expect(try library.count == 1)
        try expectWhole(library)
    }

    @Test func changesAreTold() async throws {
        let folder = try TestFolder()
        let changes = try FolderChanges([RawPath(folder.photos)], quiet: .milliseconds(100))
        try folder.addSquares(1)
        #expect(try await changes.next() == [RawPath(folder.photos).canonical])
        let below = folder.photos.appending(path: "below")
        try FileManager.default.createDirectory(at: below, withIntermediateDirectories: false)
        #expect(try await changes.next() == [RawPath(folder.photos).canonical])
        try Data([1]).write(to: below.appending(path: "new.png"))
        #expect(try await changes.next() == [RawPath(below).canonical])
    }

    /// As an index run of the whole folder names it.
    @Test func changesBehindALinkHaveTheLinksPath() async throws {
        let folder = try TestFolder()
        try folder.addSquares(1)
        let linked = folder.url.appending(path: "linked")
        try FileManager.default.createDirectory(at: linked, withIntermediateDirectories: false)
        let link = folder.photos.path + "/link"
        try FileManager.default.createSymbolicLink(
            atPath: link, withDestinationPath: linked.path)
        let library = try folder.library()
        let indexer = Indexer(library, model: try TestModels.demo.get())
        _ = try await indexer.index([folder.photos])
        let changes = try FolderChanges([RawPath(folder.photos)], quiet: .milliseconds(100))
        try FileManager.default.copyItem(
            at: folder.photos.appending(path: "square-0.png"),
            to: linked.appending(path: "new.png"))
        let told = try await changes.next()
        #if os(Linux)
            #expect(told == [RawPath(link)])
        #endif
        #expect(try await indexer.index(paths: told, followsLinks: false).copied == 1)
        #expect(try await indexer.index([folder.photos]).isUnchanged)
    }
}

/// Every file has a picture with all that belongs to it, and nothing else is there.
func expectWhole(_ library: Library, sourceLocation: SourceLocation = #_sourceLocation) throws {
    try library.read { database in
        let check = try String.fetchAll(database, sql: "PRAGMA integrity_check")
        #expect(check == ["ok"], sourceLocation: sourceLocation)
        for (what, query) in [
            (
                "files without a picture",
                "SELECT count(*) FROM file WHERE picture NOT IN (SELECT id FROM picture)"
            ),
            (
                "pictures without a file",
                "SELECT count(*) FROM picture WHERE id NOT IN (SELECT picture FROM file WHERE picture NOT NULL)"
            ),
            (
                "pictures without a vector",
                "SELECT count(*) FROM picture WHERE id NOT IN (SELECT picture FROM vector)"
            ),
            (
                "vectors without a picture",
                "SELECT count(*) FROM vector WHERE picture NOT IN (SELECT id FROM picture)"
            ),
            (
                "pictures without words",
                "SELECT count(*) FROM picture WHERE id NOT IN (SELECT rowid FROM picture_text)"
            ),
            (
                "words without a picture",
                "SELECT count(*) FROM picture_text WHERE rowid NOT IN (SELECT id FROM picture)"
            ),
            ("pictures without a caption", "SELECT count(*) FROM picture WHERE caption IS NULL"),
        ] {
            let count = try Int.fetchOne(database, sql: query)
            #expect(count == 0, "\(what)", sourceLocation: sourceLocation)
        }
    }
}
