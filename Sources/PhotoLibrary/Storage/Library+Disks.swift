import BlipPictures
import Foundation
import GRDB

/// Which folders were on another disk than the folder that they lie in: pictures of one that is not there stay.
extension Library {
    /// A table of ``Schema``.
    static let disksTable = "CREATE TABLE disk (path BLOB PRIMARY KEY NOT NULL) WITHOUT ROWID;"

    /// The disks in a folder, itself included, in the order of their paths.
    func disks(in folder: RawPath) throws -> [RawPath] {
        let range = SearchFilter.range(below: folder)
        return try read {
            try Data.fetchAll(
                $0,
                sql: """
                    SELECT path FROM disk WHERE path = ? OR (path >= ? AND path < ?) ORDER BY path
                    """, arguments: [Data(folder.bytes), range.first, range.end])
        }.map { RawPath(bytes: $0) }
    }

    /// Tables of ``Schema``: which file system a file lay on. It is gone only if it is missing from that one.
    static let fileSystemsTable = """
        CREATE TABLE file_system (id INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE);
        ALTER TABLE file ADD COLUMN file_system INTEGER;
        """

    /// The file systems that files lay on.
    func fileSystems() throws -> FileSystems {
        let found = FileSystems()
        try read { database in
            let rows = try Row.fetchCursor(database, sql: "SELECT identity, id FROM file_system")
            while let row = try rows.next() {
                found.remember(FileSystemIdentity(name: row[0]), as: row[1])
            }
        }
        return found
    }

    /// Notes disks that came, and forgets others.
    func updateDisks(adding new: Set<RawPath>, removing old: Set<RawPath>) throws {
        guard !new.isEmpty || !old.isEmpty else { return }
        try write { database in
            for path in old {
                try database.execute(
                    sql: "DELETE FROM disk WHERE path = ?", arguments: [Data(path.bytes)])
            }
            for path in new {
                try database.execute(
                    sql: "INSERT OR IGNORE INTO disk (path) VALUES (?)",
                    arguments: [Data(path.bytes)])
            }
        }
    }
}
