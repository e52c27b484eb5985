import BLIP
import BlipPictures
import Foundation
import GRDB

/// Changes a library's tables, within a transaction.
struct LibraryWriter {
    let database: Database
    private let fileSystems = FileSystems()

    init(database: Database) { self.database = database }

    /// What a model saw in a picture.
    struct Sight: Sendable {
        var vector: (QuantizedVector, model: Int64)?
        var caption: (text: String, model: Int64)?
    }

    /// - Returns: the picture's number; one that is known keeps what it has.
    func picture(_ hash: [UInt8], _ details: PictureContent.Details) throws -> Int64 {
        let hash = Data(hash)
        try execute(
            """
            INSERT INTO picture (hash, width, height, taken, words) VALUES (?, ?, ?, ?, ?) \
            ON CONFLICT (hash) DO UPDATE SET width = excluded.width, height = excluded.height, \
            taken = excluded.taken, words = excluded.words
            """, [hash, details.width, details.height, details.taken, details.words.json])
        let statement = try database.cachedStatement(
            sql: "SELECT id FROM picture WHERE hash = ?")
        return try Int64.fetchOne(statement, arguments: [hash]) ?? 0
    }

    func set(_ sight: Sight, of picture: Int64) throws {
        if let (vector, model) = sight.vector {
            try execute("DELETE FROM vector WHERE picture = ?", [picture])
            try execute(
                "INSERT INTO vector (picture, model, scale, bytes, residual) VALUES (?, ?, ?, ?, ?)",
                [picture, model, vector.scale, vector.bytes.data, vector.residual.data])
        }
        if let (caption, model) = sight.caption {
            try execute(
                "UPDATE picture SET caption = ?, caption_model = ? WHERE id = ?",
                [caption, model, picture])
        }
    }

    func setFile(
        _ path: RawPath, _ stamp: FileStamp, picture: Int64?, sidecar: Int64, words: ExistingWords,
        error: String? = nil
    ) throws {
        try execute(
            """
            INSERT OR REPLACE INTO file \
            (path, picture, size, modified, inode, device, sidecar, words, error, file_system) \
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                Data(path.bytes), picture, stamp.size, stamp.modified, stamp.inode, stamp.device,
                sidecar, words.json, error, try fileSystem(of: path, device: stamp.device),
            ])
    }

    /// Notes what a file lies on.
    func noteFileSystem(of path: RawPath) throws {
        guard let device = FileStamp(of: path)?.device else { return }
        try execute(
            "UPDATE file SET file_system = ?, device = ? WHERE path = ?",
            [try fileSystem(of: path, device: device), device, Data(path.bytes)])
    }

    private func fileSystem(of path: RawPath, device: Int64) throws -> Int64? {
        guard let identity = fileSystems.identity(of: path, device: device) else { return nil }
        if let known = fileSystems.number(of: identity) { return known }
        try execute("INSERT OR IGNORE INTO file_system (identity) VALUES (?)", [identity.name])
        let number = try Int64.fetchOne(
            database, sql: "SELECT id FROM file_system WHERE identity = ?",
            arguments: [identity.name])
        if let number { fileSystems.remember(identity, as: number) }
        return number
    }

    func removeFile(_ path: RawPath) throws {
        try execute("DELETE FROM file WHERE path = ?", [Data(path.bytes)])
    }

    /// Before ``removeFile(_:)`` of a file that was moved: what was written into it went with it.
    func moveWrittenWords(from old: RawPath, to new: RawPath, hasSidecar: Bool) throws {
        try execute(
            "UPDATE OR REPLACE written_words SET path = ? WHERE path = ? AND (? OR place = 'embed')",
            [Data(new.bytes), Data(old.bytes), hasSidecar])
    }

    /// Brings what is searched for up to date with a picture's caption, words and paths.
    func updateText(of picture: Int64) throws {
        try execute("DELETE FROM picture_text WHERE rowid = ?", [picture])
        guard let photo = try Photo.fetch([picture], from: database)[picture],
            !photo.paths.isEmpty
        else { return }
        let words = photo.words
        try execute(
            """
            INSERT INTO picture_text (rowid, caption, keywords, description, path) \
            VALUES (?, ?, ?, ?, ?)
            """,
            [
                picture, photo.caption ?? "", words.keywords.joined(separator: "\n"),
                [words.title, words.description, words.altText].compactMap(\.self)
                    .joined(separator: "\n"),
                photo.paths.map(\.description).joined(separator: "\n"),
            ])
    }

    /// A statement that SQLite reads once for many pictures.
    private func execute(_ sql: String, _ arguments: StatementArguments) throws {
        try database.cachedStatement(sql: sql).execute(arguments: arguments)
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
