import BLIP
import BlipPictures
import Foundation
import GRDB

/// Changes a library's tables, within a transaction.
struct LibraryWriter {
    let database: Database

    /// What a model saw in a picture.
    struct Sight: Sendable {
        var vector: (QuantizedVector, model: Int64)?
        var caption: (text: String, model: Int64)?
    }

    /// - Returns: the picture's number; one that is known keeps what it has.
    func picture(_ hash: [UInt8], _ details: PictureContent.Details) throws -> Int64 {
        let hash = Data(hash)
        try database.execute(
            sql: """
                INSERT INTO picture (hash, width, height, taken, words) VALUES (?, ?, ?, ?, ?) \
                ON CONFLICT (hash) DO UPDATE SET width = excluded.width, height = excluded.height, \
                taken = excluded.taken, words = excluded.words
                """,
            arguments: [hash, details.width, details.height, details.taken, details.words.json])
        return try Int64.fetchOne(
            database, sql: "SELECT id FROM picture WHERE hash = ?", arguments: [hash]) ?? 0
    }

    func set(_ sight: Sight, of picture: Int64) throws {
        if let (vector, model) = sight.vector {
            try database.execute(sql: "DELETE FROM vector WHERE picture = ?", arguments: [picture])
            try database.execute(
                sql: """
                    INSERT INTO vector (picture, model, scale, bytes, residual) VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [
                    picture, model, vector.scale, vector.bytes.data, vector.residual.data,
                ])
        }
        if let (caption, model) = sight.caption {
            try database.execute(
                sql: "UPDATE picture SET caption = ?, caption_model = ? WHERE id = ?",
                arguments: [caption, model, picture])
        }
    }

    func setFile(
        _ path: RawPath, _ stamp: FileStamp, picture: Int64?, sidecar: Int64, words: ExistingWords,
        error: String? = nil
    ) throws {
        try database.execute(
            sql: """
                INSERT OR REPLACE INTO file \
                (path, picture, size, modified, inode, device, sidecar, words, error) \
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                Data(path.bytes), picture, stamp.size, stamp.modified, stamp.inode, stamp.device,
                sidecar, words.json, error,
            ])
    }

    func removeFile(_ path: RawPath) throws {
        try database.execute(
            sql: "DELETE FROM file WHERE path = ?", arguments: [Data(path.bytes)])
    }

    /// Before ``removeFile(_:)`` of a file that was moved: what was written into it went with it.
    func moveWrittenWords(from old: RawPath, to new: RawPath, hasSidecar: Bool) throws {
        try database.execute(
            sql:
                "UPDATE OR REPLACE written_words SET path = ? WHERE path = ? AND (? OR place = 'embed')",
            arguments: [Data(new.bytes), Data(old.bytes), hasSidecar])
    }

    /// Brings what is searched for up to date with a picture's caption, words and paths.
    func updateText(of picture: Int64) throws {
        try database.execute(
            sql: "DELETE FROM picture_text WHERE rowid = ?", arguments: [picture])
        guard let photo = try Photo.fetch([picture], from: database)[picture],
            !photo.paths.isEmpty
        else { return }
        let words = photo.words
        try database.execute(
            sql: """
                INSERT INTO picture_text (rowid, caption, keywords, description, path) \
                VALUES (?, ?, ?, ?, ?)
                """,
            arguments: [
                picture, photo.caption ?? "", words.keywords.joined(separator: "\n"),
                [words.title, words.description, words.altText].compactMap(\.self)
                    .joined(separator: "\n"),
                photo.paths.map(\.description).joined(separator: "\n"),
            ])
    }

    /// Removes the pictures that no file has any more.
    func removeOrphans() throws {
        let orphans = """
            SELECT id FROM picture WHERE NOT EXISTS \
            (SELECT 1 FROM file WHERE file.picture = picture.id)
            """
        try database.execute(sql: "DELETE FROM picture_text WHERE rowid IN (\(orphans))")
        try database.execute(sql: "DELETE FROM vector WHERE picture IN (\(orphans))")
        try database.execute(sql: "DELETE FROM picture WHERE id IN (\(orphans))")
    }
}
