import BlipPictures
public import Foundation
import GRDB

extension Library {
    /// The folders that hold pictures, in the order of their paths; those whose paths are not UTF-8 are left
    /// out.
    ///
    /// - Throws: ``LibraryError``.
    public func folders() throws -> [URL] {
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
    public func period() throws -> (first: String, last: String)? {
        try read { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT min(taken), max(taken) FROM picture WHERE taken IS NOT NULL")
            guard let row, let first: String = row[0], let last: String = row[1] else { return nil }
            return (first, last)
        }
    }

    /// The SHA-256 of a picture's file.
    package func contentHash(of photo: Int64) throws -> Data? {
        try read { database in
            try Data.fetchOne(
                database, sql: "SELECT hash FROM picture WHERE id = ?", arguments: [photo])
        }
    }
}
