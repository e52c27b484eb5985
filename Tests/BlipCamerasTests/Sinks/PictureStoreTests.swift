import BlipPictures
import Foundation
import Testing

@testable import BlipCameras

@Suite("Pictures of events", .timeLimit(.minutes(1)))
struct PictureStoreTests {
    private func files(_ folder: URL) -> [String] {
        let all = FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String]
        return (all ?? []).filter { $0.hasSuffix(".jpg") }.sorted()
    }

    private func configuration(_ folder: URL) -> PicturesConfiguration {
        var configuration = PicturesConfiguration(folder: folder)
        configuration.maximumMegabytes = 1
        configuration.maximumDays = 2
        return configuration
    }

    @Test func theOldestGiveWay() throws {
        let folder = try Made.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        var store = PictureStore(configuration(folder))
        let jpeg = Data(repeating: 1, count: 300_000)
        for number in 0..<5 {
            try store.add(jpeg, of: Made.event("open/../\(number)", second: Double(number)))
        }
        #expect(
            files(folder)
                == [
                    "203102.250-door-open____2", "203103.250-door-open____3",
                    "203104.250-door-open____4",
                ].map { "2026-11-27/\($0).jpg" })
        #expect(store.bytes == 900_000)
        // A program that starts anew knows of them; what is too old goes, with its folder.
        var again = PictureStore(configuration(folder))
        #expect(again.count == 3)
        try again.add(Data(count: 10), of: Made.event("shut", second: 3 * 86_400))
        #expect(files(folder) == ["2026-11-30/203100.250-door-shut.jpg"])
        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "2026-11-27").path))
    }

    @Test func whatIsNotItsOwnStays() throws {
        let folder = try Made.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let day = folder.appending(path: "2020-01-01")
        try FileManager.default.createDirectory(at: day, withIntermediateDirectories: true)
        for name in ["mine.jpg", "120000.000-door-open.txt"] {
            try Data("x".utf8).write(to: day.appending(path: name))
        }
        var store = PictureStore(configuration(folder))
        try store.add(Data(repeating: 1, count: 999_999), of: Made.event("open"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: day.path).count == 2)
    }

    /// Of a program that was killed while it wrote.
    @Test func draftsThatWereLeftGo() throws {
        let folder = try Made.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let day = folder.appending(path: "2026-11-27")
        try FileManager.default.createDirectory(at: day, withIntermediateDirectories: true)
        for name in [".203100.250-door-open.jpg.draft", ".mine.jpg.draft"] {
            try Data("x".utf8).write(to: day.appending(path: name))
        }
        let store = PictureStore(configuration(folder))
        #expect(store.count == 0)
        let left = try FileManager.default.contentsOfDirectory(atPath: day.path)
        #expect(left == [".mine.jpg.draft"])
    }

    @Test func theSinkDrawsTheWords() async throws {
        let folder = try Made.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let sink = PictureSink(
            configuration(folder), watch: WatchConfiguration(), logger: LoggedLines().logger)
        await sink.send(Made.event("open"), picture: try Made.picture())
        await sink.finish()
        let name = try #require(files(folder).first)
        let picture = try Picture(contentsOf: folder.appending(path: name))
        // Scaled, with a panel of words beneath.
        #expect(picture.width == 480 && picture.height > 300)
    }

    @Test func oneSentenceWhereTheFolderTakesNothing() async throws {
        let folder = try Made.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "file")
        try Data("no folder".utf8).write(to: file)
        let lines = LoggedLines()
        let sink = PictureSink(
            configuration(file), watch: WatchConfiguration(), logger: lines.logger)
        for number in 0..<3 {
            await sink.send(Made.event("open", second: Double(number)), picture: try Made.picture())
        }
        await sink.finish()
        #expect(lines.lines.count == 1)
        #expect(lines.lines.first?.contains("has room") == true)
    }
}
