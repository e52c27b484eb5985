import BlipPictures
import Foundation
import GRDB

/// Which captions were written into which files: they are no person's words, and need not be written again.
extension Library {
    /// A table of ``Schema``.
    static let writtenWordsTable = """
        CREATE TABLE written_words (
            path BLOB NOT NULL,
            place TEXT NOT NULL,
            caption TEXT NOT NULL,
            PRIMARY KEY (path, place, caption)
        ) WITHOUT ROWID;
        CREATE TRIGGER written_words_leave AFTER DELETE ON file
        BEGIN DELETE FROM written_words WHERE path = old.path; END;
        """

    /// The captions of pictures, a file each, for whoever writes them into files.
    ///
    /// - Parameters:
    ///   - places: folders and files; all of the library where there are none.
    ///   - place: only those whose caption was not written there yet; `nil` for all.
    func captionsToWrite(
        in places: [RawPath], unwrittenIn place: WordWriter.Place?
    ) throws -> [WriteRun.Item] {
        try read { database in
            let hasTable = try database.tableExists("written_words")
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT file.path, picture.caption, file.size, file.modified, file.inode, \
                    file.device FROM file JOIN picture ON picture.id = file.picture \
                    WHERE picture.caption IS NOT NULL ORDER BY file.path
                    """)
            // What lies behind a link has its path with the link.
            let roots = places + places.compactMap(\.canonical)
            var items: [WriteRun.Item] = []
            while let row = try rows.next() {
                let bytes: Data = row[0]
                let path = RawPath(bytes: bytes)
                guard roots.isEmpty || roots.contains(where: path.lies) else { continue }
                let caption: String = row[1]
                var written: [(place: String, caption: String)] = []
                if hasTable {
                    written = try Row.fetchAll(
                        database, sql: "SELECT place, caption FROM written_words WHERE path = ?",
                        arguments: [bytes]
                    ).map { ($0[0], $0[1]) }
                }
                if let place, written.contains(where: { $0 == (place.name, caption) }) { continue }
                var item = WriteRun.Item(
                    picture: path, caption: caption, earlier: Set(written.map(\.caption)))
                item.indexed = FileStamp(
                    size: row[2], modified: row[3], inode: row[4], device: row[5])
                items.append(item)
            }
            return items
        }
    }

    /// Notes that a caption was written into a file or its sidecar.
    func noteWritten(_ caption: String, for path: RawPath, in place: WordWriter.Place) throws {
        try write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO written_words (path, place, caption) VALUES (?, ?, ?)",
                arguments: [Data(path.bytes), place.name, caption])
        }
    }
}

extension WordWriter.Place {
    fileprivate var name: String {
        switch self {
        case .embedded: "embed"
        case .sidecar(let name): name.rawValue
        }
    }
}
