import BlipPictures
import Foundation
import GRDB
import Testing

@testable import PhotoLibrary

@Suite("Files that are no library, or a broken one")
struct LibraryFileTests {
    private func code(_ body: () throws -> Void) -> LibraryError.Code? {
        do {
            try body()
            return nil
        } catch {
            #expect(
                (error as? LibraryError)?.message.hasSuffix(".") == true || error is LibraryError)
            return (error as? LibraryError)?.code
        }
    }

    @Test func aNewerOneIsRefused() throws {
        let folder = try TestFolder()
        do {
            let library = try folder.library()
            try library.write { try $0.execute(sql: "PRAGMA user_version = 99") }
        }
        #expect(code { _ = try folder.library(for: .reading) } == .newer)
        #expect(code { _ = try folder.library(for: .writing) } == .newer)
    }

    @Test func anOlderOneIsSearchedAsItIs() throws {
        let folder = try TestFolder()
        do {
            let library = try folder.library()
            try library.write {
                try $0.execute(
                    sql: """
                        DROP TABLE disk; DROP TABLE file_system; \
                        ALTER TABLE file DROP COLUMN file_system; PRAGMA user_version = 2
                        """)
            }
        }
        #expect(try folder.library(for: .reading).search(SearchQuery(text: "dog")).isEmpty)
        #expect(try folder.library().disks(in: RawPath("/")).isEmpty)
    }

    @Test func otherFilesAreRefused() throws {
        let folder = try TestFolder()
        #expect(code { _ = try folder.library(for: .reading) } == .missing)
        try FileManager.default.createDirectory(
            at: folder.file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("some notes of mine, long enough to be no database".utf8).write(to: folder.file)
        #expect(code { _ = try folder.library(for: .writing) } == .noLibrary)
        #expect(try Data(contentsOf: folder.file).starts(with: Data("some".utf8)))
        try FileManager.default.removeItem(at: folder.file)
        try DatabaseQueue(path: folder.file.path).write {
            try $0.execute(sql: "CREATE TABLE t (a)")
        }
        let other = try Data(contentsOf: folder.file)
        #expect(code { _ = try folder.library(for: .writing) } == .noLibrary)
        #expect(code { _ = try folder.library(for: .reading) } == .noLibrary)
        #expect(try Data(contentsOf: folder.file) == other)
        #expect(code { _ = try Library(at: folder.photos, for: .writing) } == .noLibrary)
        #expect(
            code { _ = try Library(at: URL(filePath: "/proc/none/x.sqlite"), for: .writing) }
                == .unwritable)
    }

    @Test func oneThatWasCutOffIsRefused() throws {
        let folder = try TestFolder()
        do { _ = try folder.library() }
        for suffix in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: folder.file.path + suffix)
        }
        let handle = try FileHandle(forWritingTo: folder.file)
        try handle.truncate(atOffset: 6_000)
        try handle.close()
        let found = code {
            let library = try folder.library(for: .reading)
            _ = try library.search(SearchQuery(text: "dog"))
        }
        #expect(found == .damaged)
    }

    /// As on a full disk: SQLite may not make its file longer.
    @Test func aFullDiskLosesNothingThatWasKept() async throws {
        let folder = try TestFolder()
        try folder.addSquares(30)
        let library = try folder.library()
        let model = try TestModels.demo.get()
        var options = IndexOptions()
        options.batchSize = 2
        _ = try await Indexer(library, model: model, options: options)
            .index([folder.photos.appending(path: "square-1.png")])
        try library.write {
            let pages = try Int.fetchOne($0, sql: "PRAGMA page_count") ?? 0
            try $0.execute(sql: "PRAGMA max_page_count = \(pages + 1)")
        }
        await #expect {
            try await Indexer(library, model: model, options: options).index([folder.photos])
        } throws: { error in
            (error as? LibraryError)?.code == .unwritable
        }
        try expectWhole(library)
        #expect(try library.count >= 1)
        try library.write { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
        _ = try await Indexer(library, model: model, options: options).index([folder.photos])
        #expect(try library.count == 30)
    }

    /// Where SQLite cannot make files beside it, as on a read-only disk.
    @Test func aClosedLibraryIsReadWithoutAFileBeside() throws {
        let folder = try TestFolder()
        do { _ = try folder.library() }
        #expect(!FileManager.default.fileExists(atPath: folder.file.path + "-wal"))
        let place = LibraryPlace(folder.file)
        let database = try DatabaseQueue(path: place.immutableAddress)
        #expect(try database.read { try Schema.check($0, of: folder.file) } == Schema.version)
    }
}
