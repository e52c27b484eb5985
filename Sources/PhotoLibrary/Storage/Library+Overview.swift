package import BlipPictures
package import Foundation
import GRDB

extension Library {
    /// The folders that hold pictures, in the order of their paths; those whose paths are not UTF-8 are left
    /// out.
    ///
    /// - Throws: ``LibraryError``.
    package func folders() throws -> [URL] {
        try read { database in
            var found: Set<[UInt8]> = []
            let paths = try Data.fetchCursor(
                database, sql: "SELECT path FROM file WHERE picture IS NOT NULL")
            while let path = try paths.next() { found.insert(RawPath(bytes: path).folder.bytes) }
            return found.sorted { $0.lexicographicallyPrecedes($1) }
                .filter { String(validating: $0, as: UTF8.self) != nil }
                .map { RawPath(bytes: $0).url }
        }
    }

    /// When the first and the last picture that say so were taken; `nil` where none does.
    ///
    /// - Throws: ``LibraryError``.
    package func period() throws -> (first: String, last: String)? {
        try read { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT min(taken), max(taken) FROM picture WHERE taken IS NOT NULL")
            guard let row, let first: String = row[0], let last: String = row[1] else { return nil }
            return (first, last)
        }
    }

    /// The first of a picture's files that is as it was, or that is not there now; `nil` where other files
    /// have taken the places of all.
    package func file(of photo: Int64) throws -> RawPath? {
        let files = try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT path, size, modified, inode, device FROM file WHERE picture = ? ORDER BY path
                    """, arguments: [photo]
            ).map { row -> (path: RawPath, isSame: Bool) in
                let bytes: Data = row[0]
                let path = RawPath(bytes: bytes)
                let then = FileStamp(size: row[1], modified: row[2], inode: row[3], device: row[4])
                return (path, FileStamp(of: path)?.isSame(as: then) ?? false)
            }
        }
        return (files.first(where: \.isSame) ?? files.first { $0.path.status == nil })?.path
    }

    /// The SHA-256 of a picture's file.
    package func contentHash(of photo: Int64) throws -> Data? {
        try read { database in
            try Data.fetchOne(
                database, sql: "SELECT hash FROM picture WHERE id = ?", arguments: [photo])
        }
    }
}
