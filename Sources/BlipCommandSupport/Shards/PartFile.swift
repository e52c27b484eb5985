import BLIP
package import Foundation

/// The rows of one part, and beside them what they took. Both are written beside and get their names at the end,
/// the rows last: rows that have their name are all that there are.
package final class PartFile {
    /// What is told of a finished part.
    package struct Statistics: Codable, Equatable {
        package var shard: Int
        package var shards: Int
        package var pictures = 0
        /// Pictures that could not be read, each a row with `error`.
        package var failed = 0
        package var seconds = 0.0
        /// What the rows follow from, beside the pictures: parts of one folder have the same.
        package var settings: [String: String]
    }

    package private(set) var statistics: Statistics

    private let shard: Shard
    private let format: PartFormat
    private let folder: URL
    private let rows: URL
    private let draft: (place: URL, handle: FileHandle)
    private let start = ContinuousClock.now

    /// - Parameters:
    ///   - folder: where the parts lie.
    ///   - format: of the rows.
    ///   - settings: what the rows follow from, beside the pictures.
    /// - Returns: `nil` where the part is finished.
    /// - Throws: ``Failure`` where it cannot be written, or the folder holds parts of another run.
    package init?(
        _ shard: Shard, in folder: URL, format: PartFormat, settings: [String: String]
    ) throws {
        try Self.check(folder, shard, settings)
        self.shard = shard
        self.format = format
        self.folder = folder
        rows = folder.appending(path: "\(shard.name).\(format.ending)")
        statistics = Statistics(shard: shard.index, shards: shard.count, settings: settings)
        if FileManager.default.fileExists(atPath: rows.path) { return nil }
        Self.removeDrafts(of: shard, in: folder)
        // Two may write the same part, where a job manager takes one for dead; the last gives the name.
        guard let draft = Self.draft(of: shard, in: folder) else {
            throw OutputFiles.unwritable(rows)
        }
        self.draft = draft
    }

    deinit { unlink(draft.place.path) }

    /// Adds what was found of a picture.
    package func add(_ row: some PartRow, of input: ImageInput) throws {
        switch format {
        case .jsonl: try write(Data((try jsonLine(row) + "\n").utf8))
        case .webdataset:
            let picture: [UInt8]
            do {
                picture = try input.bytes()
            } catch {
                // It was there when it was looked at.
                return try add(failure: error.message, of: input)
            }
            try write(sample(row, (picture, row.text)))
        }
        statistics.pictures += 1
    }

    /// Adds a picture that failed.
    package func add(failure: String, of input: ImageInput) throws {
        let row = ErrorRecord(image: input.name, error: failure)
        switch format {
        case .jsonl: try write(Data((try jsonLine(row) + "\n").utf8))
        case .webdataset: try write(sample(row, nil))
        }
        statistics.pictures += 1
        statistics.failed += 1
    }

    private func sample(
        _ row: some Encodable, _ content: (picture: [UInt8], text: String)?
    ) throws -> Data {
        let sample = WebDatasetSample(
            key: WebDatasetSample.key(of: statistics.pictures, in: shard), row: try jsonLine(row),
            content: content)
        // A picture of 8 GiB is none that was read.
        guard let data = sample.members() else { throw OutputFiles.unwritable(rows) }
        return data
    }

    /// Gives the part its name.
    package func finish() throws {
        statistics.seconds = ((ContinuousClock.now - start) / .milliseconds(1)).rounded() / 1_000
        let place = rows.deletingPathExtension().appendingPathExtension("json")
        // A draft too: of what Foundation writes atomically a kill would leave a name that nobody knows.
        guard let beside = Self.draft(of: shard, in: folder) else {
            throw OutputFiles.unwritable(place)
        }
        defer { unlink(beside.place.path) }
        do {
            try beside.handle.write(contentsOf: Data((try jsonLine(statistics) + "\n").utf8))
            try draft.handle.write(contentsOf: format.end)
            try draft.handle.synchronize()
        } catch {
            throw OutputFiles.unwritable(place)
        }
        guard rename(beside.place.path, place.path) == 0 else {
            throw OutputFiles.unwritable(place)
        }
        guard rename(draft.place.path, rows.path) == 0 else { throw OutputFiles.unwritable(rows) }
    }

    private func write(_ data: Data) throws {
        do {
            try draft.handle.write(contentsOf: data)
        } catch {
            throw OutputFiles.unwritable(rows)
        }
    }

    private static func draftPrefix(_ shard: Shard) -> String { ".\(shard.name).draft-" }

    /// A new file for the part, under a hidden name.
    ///
    /// - Returns: `nil` where it cannot be made.
    private static func draft(
        of shard: Shard, in folder: URL
    ) -> (place: URL, handle: FileHandle)? {
        while true {
            let place = folder.appending(path: draftPrefix(shard) + UUID().uuidString)
            let descriptor = open(place.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { return nil }
            // Held as long as the process lives: drafts without it are left over.
            _ = flock(descriptor, LOCK_EX | LOCK_NB)
            let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            // Another run of the part may have taken it for one before it was locked.
            if access(place.path, F_OK) == 0 { return (place, handle) }
        }
    }

    /// Removes what runs of this part left that were killed.
    private static func removeDrafts(of shard: Shard, in folder: URL) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        for name in names where name.hasPrefix(draftPrefix(shard)) {
            Draft.removeIfLeft(folder.appending(path: name))
        }
    }

    /// Refuses a folder that cannot be written, and one whose parts do not belong together with this one.
    private static func check(
        _ folder: URL, _ shard: Shard, _ settings: [String: String]
    ) throws {
        try OutputFiles.checkName(folder.path, option: "--out")
        let manager = FileManager.default
        try? manager.createDirectory(at: folder, withIntermediateDirectories: true)
        guard manager.isFolder(folder.path), manager.isWritableFile(atPath: folder.path) else {
            throw OutputFiles.unwritable(folder)
        }
        let names = (try? manager.contentsOfDirectory(atPath: folder.path)) ?? []
        for name in names where name.hasPrefix("part-") && name.hasSuffix(".json") {
            guard let data = manager.contents(atPath: folder.appending(path: name).path),
                let other = try? decoder.decode(Statistics.self, from: data)
            else { continue }
            guard other.shards == shard.count else {
                throw Failure(
                    .usage,
                    "\(folder.path) holds parts of \(other.shards), and this is one of \(shard.count); choose "
                        + "another folder.")
            }
            guard other.settings == settings else {
                let names = Set(other.settings.keys).union(settings.keys).sorted()
                    .filter { other.settings[$0] != settings[$0] }
                throw Failure(
                    .usage,
                    "\(folder.path) holds parts made with another \(names.joined(separator: ", ")); choose "
                        + "another folder.")
            }
            // The others have the same.
            return
        }
    }

    private static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }
}
