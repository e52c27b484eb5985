import BlipPictures
import Foundation
import GRDB

/// A file as the library has it.
struct KnownFile: Sendable {
    let path: RawPath
    let stamp: FileStamp
    let sidecar: Int64
    let error: String?
    /// `nil` where it could not be read.
    let picture: Int64?
    let vectorModel: Int64?
    let captionModel: Int64?
    /// The number of what it lay on; `nil` where that was unknown.
    let fileSystem: Int64?

    private init(_ row: Row) {
        let bytes: Data = row[0]
        path = RawPath(bytes: bytes)
        stamp = FileStamp(size: row[1], modified: row[2], inode: row[3], device: row[4])
        sidecar = row[5]
        error = row[6]
        picture = row[7]
        vectorModel = row[8]
        captionModel = row[9]
        fileSystem = row[10]
    }

    /// Calls `body` with all that lie in a folder or below, in the order of their paths; of a file, with that.
    static func forEach(
        in folder: RawPath, of database: Database, _ body: (KnownFile) throws -> Void
    ) throws {
        let below = SearchFilter.range(below: folder)
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT file.path, file.size, file.modified, file.inode, file.device, file.sidecar, \
                file.error, file.picture, vector.model, picture.caption_model, file.file_system \
                FROM file LEFT JOIN picture ON picture.id = file.picture \
                LEFT JOIN vector ON vector.picture = file.picture \
                WHERE file.path = ? OR (file.path >= ? AND file.path < ?) ORDER BY file.path
                """, arguments: [Data(folder.bytes), below.first, below.end])
        while let row = try rows.next() { try body(KnownFile(row)) }
    }
}
