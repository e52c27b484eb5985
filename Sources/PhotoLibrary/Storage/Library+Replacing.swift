package import BlipPictures
import Foundation
import GRDB

extension Library {
    /// Notes that a file was written anew with the same picture in it, such as with words embedded: the picture
    /// keeps its caption and its vector.
    ///
    /// - Parameter path: a file that the library has.
    /// - Throws: ``LibraryError``; `PictureError` where the file cannot be read.
    package func replaced(_ path: RawPath) throws {
        let path = path.canonical ?? path
        let content = try PictureContent(of: path, limit: 1 << 32)
        let details = try content.details(name: path.description)
        let sidecar = Sidecar(of: path)
        let sidecarWords = (try? sidecar?.words().get()) ?? .init()
        try write { database in
            let writer = LibraryWriter(database: database)
            let old = try Int64.fetchOne(
                database, sql: "SELECT picture FROM file WHERE path = ?",
                arguments: [Data(path.bytes)])
            guard let old else { return }
            let new = try writer.picture(content.hash, details)
            if new != old { try writer.copySight(of: old, to: new) }
            try writer.setFile(
                path, content.stamp, picture: new, sidecar: Sidecar.mark(sidecar),
                words: sidecarWords)
            try writer.updateText(of: new)
            try writer.removeOrphans()
            try writer.updateText(of: old)
        }
    }
}

extension LibraryWriter {
    fileprivate func copySight(of old: Int64, to new: Int64) throws {
        try database.execute(
            sql: """
                UPDATE picture SET (caption, caption_model) = \
                (SELECT caption, caption_model FROM picture WHERE id = ?) WHERE id = ?
                """, arguments: [old, new])
        try database.execute(sql: "DELETE FROM vector WHERE picture = ?", arguments: [new])
        try database.execute(
            sql: """
                INSERT INTO vector (picture, model, scale, bytes, residual) \
                SELECT ?, model, scale, bytes, residual FROM vector WHERE picture = ?
                """, arguments: [new, old])
    }
}
