import BlipPictures
import Foundation
import Testing

@testable import PhotoLibrary

#if os(Linux)
    /// Real ones, which only root may mount: each a tmpfs, bound to the place where it is seen.
    @Suite("Disks that take turns at a place", .enabled(if: Mounts.arePossible))
    struct DiskTests {
        @Test func picturesOfADiskThatIsAwayStay() async throws {
            let folder = try TestFolder()
            let place = folder.photos.appending(path: "disk")
            let mounts = try Mounts(below: folder.url, place)
            defer { mounts.end() }
            try folder.addSquares(4)
            try mounts.move("square-1.png", from: folder.photos, to: .first)
            try mounts.move("square-2.png", from: folder.photos, to: .first)
            try mounts.move("square-3.png", from: folder.photos, to: .second)
            let library = try folder.library()
            var indexer = Indexer(library, model: try TestModels.demo.get())
            func index(
                _ place: URL, _ expected: IndexSummary, away: (count: Int, place: URL)? = nil,
                sourceLocation: SourceLocation = #_sourceLocation
            ) async throws {
                let events = Events()
                let summary = try await indexer.index([place], report: events.take)
                #expect(summary == expected, sourceLocation: sourceLocation)
                let notes = away.map { away in
                    [
                        "Pictures of \(away.place.path) stay, since they lay on another disk than what is "
                            + "there now: \(away.count). --prune removes them."
                    ]
                }
                #expect(events.notes == notes ?? [], sourceLocation: sourceLocation)
            }

            try mounts.attach(.first)
            try await index(folder.photos, IndexSummary(added: 3))
            try await index(folder.photos, IndexSummary(unchanged: 3))
            // Away, with a stray picture in its place.
            try mounts.detach()
            try folder.addSquares(1, from: 9)
            try FileManager.default.moveItem(
                at: folder.photos.appending(path: "square-9.png"),
                to: place.appending(path: "stray.png"))
            try await index(
                folder.photos, IndexSummary(added: 1, unchanged: 1), away: (2, place))
            try await index(folder.photos, IndexSummary(unchanged: 2), away: (2, place))
            // As of a library of an older version, or of a file system without a lasting number.
            try library.write { try $0.execute(sql: "UPDATE file SET file_system = NULL") }
            try await index(folder.photos, IndexSummary(unchanged: 2), away: (2, place))
            // It comes back, and hides the stray picture.
            try mounts.attach(.first)
            try await index(folder.photos, IndexSummary(unchanged: 3), away: (1, place))
            // Another disk in its place.
            try mounts.detach()
            try mounts.attach(.second)
            try await index(
                folder.photos, IndexSummary(added: 1, unchanged: 1), away: (3, place))
            try mounts.detach()
            try mounts.attach(.first)
            try await index(folder.photos, IndexSummary(unchanged: 3), away: (2, place))
            // Gone from a disk that is there.
            let below = place.appending(path: "below")
            try FileManager.default.removeItem(at: below.appending(path: "square-2.png"))
            try await index(
                folder.photos, IndexSummary(unchanged: 2, removed: 1), away: (2, place))
            // A folder of it alone, which the other disk has, too.
            try mounts.detach()
            try mounts.attach(.second)
            try await index(below, IndexSummary(unchanged: 1), away: (1, below))
            indexer.options.emptiesFolders = true
            try await index(folder.photos, IndexSummary(unchanged: 2, removed: 2))
            #expect(try library.count == 2)
            try expectWhole(library)
        }
    }

    /// Two disks, and a place where either is seen.
    private struct Mounts {
        enum Disk: String, CaseIterable { case first, second }

        private let url: URL
        private let place: URL

        init(below url: URL, _ place: URL) throws {
            self.url = url
            self.place = place
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
            for disk in Disk.allCases {
                try FileManager.default.createDirectory(
                    at: folder(disk), withIntermediateDirectories: false)
                try Self.run("mount", "-t", "tmpfs", "blip-test", folder(disk).path)
                try FileManager.default.createDirectory(
                    at: folder(disk).appending(path: "below"), withIntermediateDirectories: false)
            }
        }

        private func folder(_ disk: Disk) -> URL { url.appending(path: disk.rawValue) }

        func move(_ name: String, from folder: URL, to disk: Disk) throws {
            try FileManager.default.moveItem(
                at: folder.appending(path: name),
                to: self.folder(disk).appending(path: "below/\(name)"))
        }

        func attach(_ disk: Disk) throws {
            try Self.run("mount", "--bind", folder(disk).path, place.path)
        }

        func detach() throws { try Self.run("umount", place.path) }

        func end() {
            try? detach()
            for disk in Disk.allCases { try? Self.run("umount", folder(disk).path) }
        }

        private static func run(_ arguments: String...) throws {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = arguments
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
        }

        static let arePossible: Bool = {
            guard geteuid() == 0, let folder = try? TestFolder(),
                let mounts = try? Mounts(below: folder.url, folder.photos.appending(path: "disk"))
            else { return false }
            mounts.end()
            return true
        }()
    }
#endif
