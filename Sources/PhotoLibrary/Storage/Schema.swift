import Foundation
import GRDB

/// The tables of a library, and the versions that they went through.
///
/// A `picture` is what bytes show: copies share it, and a file that was moved keeps it. A `file` is a place
/// where it lies. Of a `vector` nothing changes: another model's has another number, so that files of vectors
/// that were made from the table stay right.
enum Schema {
    /// "BLIP", in the header of SQLite's file: it tells a library from other databases.
    private static let applicationID: Int32 = 0x424C_4950

    /// Each makes the next version of the one before.
    private static let migrations: [@Sendable (Database) throws -> Void] = [
        { try $0.execute(sql: first) },
        { try $0.execute(sql: Library.writtenWordsTable) },
        { try $0.execute(sql: Library.disksTable) },
        { try $0.execute(sql: Library.fileSystemsTable) },
    ]

    static var version: Int { migrations.count }

    /// Makes the tables, or brings older ones up to date.
    static func migrate(_ database: Database, of file: URL) throws {
        let found = try check(database, of: file)
        for (index, migration) in migrations.enumerated().dropFirst(found) {
            try migration(database)
            try database.execute(sql: "PRAGMA user_version = \(index + 1)")
        }
        if found == 0 {
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
        }
    }

    /// - Returns: the version, 0 for an empty file.
    @discardableResult
    static func check(_ database: Database, of file: URL) throws -> Int {
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let id = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let isEmpty = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0
        guard isEmpty || id == applicationID else {
            throw LibraryError(
                .noLibrary,
                "\(file.path) is a database of another program; name another file with --library.")
        }
        guard found <= version else {
            throw LibraryError(
                .newer,
                "\(file.path) was made by a newer version of this program; update this one, or name "
                    + "another file with --library.")
        }
        return found
    }

    private static let first = """
        CREATE TABLE setting (
            name TEXT PRIMARY KEY NOT NULL,
            value TEXT NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE model (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            settings TEXT NOT NULL,
            UNIQUE (fingerprint, settings)
        );

        CREATE TABLE picture (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            hash BLOB NOT NULL UNIQUE,
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            taken TEXT,
            words TEXT,
            caption TEXT,
            caption_model INTEGER REFERENCES model (id)
        );

        CREATE TABLE vector (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            picture INTEGER NOT NULL UNIQUE REFERENCES picture (id) ON DELETE CASCADE,
            model INTEGER NOT NULL REFERENCES model (id),
            scale REAL NOT NULL,
            bytes BLOB NOT NULL,
            residual BLOB NOT NULL
        );

        CREATE TABLE file (
            path BLOB PRIMARY KEY NOT NULL,
            picture INTEGER REFERENCES picture (id),
            size INTEGER NOT NULL,
            modified INTEGER NOT NULL,
            inode INTEGER NOT NULL,
            device INTEGER NOT NULL,
            sidecar INTEGER NOT NULL,
            words TEXT,
            error TEXT
        ) WITHOUT ROWID;
        CREATE INDEX file_picture ON file (picture);

        CREATE VIRTUAL TABLE picture_text USING fts5 (
            caption, keywords, description, path,
            tokenize = 'porter unicode61 remove_diacritics 2'
        );
        """
}
