public import Foundation
package import BlipPictures
import GRDB

/// A picture of a library, as it was when it was indexed.
public struct Photo: Sendable, Identifiable, Hashable {
    /// Its number in the library, which no other picture of it ever has.
    public let id: Int64
    /// Pixels from left to right, upright.
    public let width: Int
    /// Pixels from top to bottom, upright.
    public let height: Int
    /// When it was taken, `2026-11-27T20:15:00` by the clock where that was; of a picture that does not say,
    /// when its file was last written.
    public let date: String?
    /// What the model says of it.
    public let caption: String?
    /// What people and other programs wrote of it, in the file or beside it.
    package let words: ExistingWords
    package let paths: [RawPath]

    /// Where it lies; bytes of the path that are not UTF-8 stand percent-encoded.
    public var file: URL { files.first ?? URL(filePath: "/") }

    /// Where it and its copies lie, in the order of their paths.
    public var files: [URL] { paths.map(\.url) }

    /// The same with the files that a filter let through first.
    func showing(_ first: (RawPath) -> Bool) -> Photo {
        Photo(
            id: id, width: width, height: height, date: date, caption: caption, words: words,
            paths: paths.filter(first) + paths.filter { !first($0) })
    }
}

extension Photo {
    /// The date by which pictures are ordered and filtered, in SQL.
    static let dateExpression = """
        coalesce(picture.taken, (SELECT strftime('%Y-%m-%dT%H:%M:%S', min(file.modified) / 1000000000, \
        'unixepoch', 'localtime') FROM file WHERE file.picture = picture.id))
        """

    static func fetch(_ ids: [Int64], from database: Database) throws -> [Int64: Photo] {
        guard !ids.isEmpty else { return [:] }
        let list = ids.count == 1 ? "?" : ids.map(String.init).joined(separator: ",")
        let arguments: StatementArguments = ids.count == 1 ? [ids[0]] : []
        // Indexing fetches one picture after another: SQLite reads what it asks once.
        let statement = { (sql: String) in
            try ids.count == 1
                ? database.cachedStatement(sql: sql) : database.makeStatement(sql: sql)
        }
        var paths: [Int64: [RawPath]] = [:]
        var words: [Int64: ExistingWords] = [:]
        let files = try Row.fetchCursor(
            statement(
                "SELECT picture, path, words FROM file WHERE picture IN (\(list)) ORDER BY path"),
            arguments: arguments)
        while let row = try files.next() {
            let id: Int64 = row[0]
            let path: Data = row[1]
            paths[id, default: []].append(RawPath(bytes: path))
            words[id, default: .init()].add(ExistingWords(json: row[2]))
        }
        let rows = try Row.fetchAll(
            statement(
                """
                SELECT id, width, height, \(dateExpression) AS date, caption, words FROM picture \
                WHERE id IN (\(list))
                """), arguments: arguments)
        var photos: [Int64: Photo] = [:]
        for row in rows {
            let id: Int64 = row[0]
            var all = words[id] ?? .init()
            all.add(ExistingWords(json: row[5]))
            photos[id] = Photo(
                id: id, width: row[1], height: row[2], date: row[3], caption: row[4], words: all,
                paths: paths[id] ?? [])
        }
        return photos
    }
}

extension Library {
    /// A picture by its number; `nil` where it is gone.
    ///
    /// - Throws: ``LibraryError``.
    public func photo(_ id: Int64) throws -> Photo? {
        try read { try Photo.fetch([id], from: $0)[id] }
    }

    /// The picture that a file had when it was last indexed; `nil` for a file that never was.
    ///
    /// - Throws: ``LibraryError``.
    public func photo(at file: URL) throws -> Photo? {
        let path = RawPath(file).canonical ?? RawPath(file)
        return try read { database in
            let id = try Int64.fetchOne(
                database, sql: "SELECT picture FROM file WHERE path = ?",
                arguments: [Data(path.bytes)])
            return try id.flatMap { try Photo.fetch([$0], from: database)[$0] }
        }
    }

    /// All pictures from one number on, in their order, for whoever goes through a library in pieces.
    ///
    /// - Throws: ``LibraryError``.
    package func photos(after id: Int64 = 0, limit: Int = 1_000) throws -> [Photo] {
        try read { database in
            let ids = try Int64.fetchAll(
                database, sql: "SELECT id FROM picture WHERE id > ? ORDER BY id LIMIT ?",
                arguments: [id, limit])
            let photos = try Photo.fetch(ids, from: database)
            return ids.compactMap { photos[$0] }
        }
    }
}
