import Foundation
import GRDB

/// Writes the file of vectors beside its place, and renames it.
struct VectorFileWriter {
    private let file: URL
    private let partial: URL
    private let handle: FileHandle

    /// `nil` where no file can be made, or another program is making it.
    init?(_ file: URL) {
        self.file = file
        partial = URL(filePath: file.path + "-partial")
        let descriptor = open(partial.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { return nil }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        // What another program renamed meanwhile is the finished file, and others have it mapped.
        var (opened, named) = (stat(), stat())
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &opened) == 0,
            stat(partial.path, &named) == 0, opened.st_ino == named.st_ino,
            ftruncate(descriptor, 0) == 0
        else { return nil }
    }

    /// - Throws: `DatabaseError`; where the disk is full, nothing is there at the end.
    func write(_ library: UUID, _ model: Int64, from database: Database) throws {
        // Locked until it has its name.
        defer { try? handle.close() }
        let isWhole = try fill(library, model, from: database)
        if !isWhole || rename(partial.path, file.path) != 0 {
            try? FileManager.default.removeItem(at: partial)
        }
    }

    private func fill(_ library: UUID, _ model: Int64, from database: Database) throws -> Bool {
        let arguments: StatementArguments = [model]
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT id, scale, length(bytes) FROM vector WHERE model = ? ORDER BY id",
            arguments: arguments)
        var ids: [Int64] = []
        var scales: [Float] = []
        var width: Int?
        while let row = try rows.next() {
            let found: Int = row[2]
            guard found == width ?? found, found > 0 else { continue }
            width = found
            ids.append(row[0])
            scales.append(row[1])
        }
        guard let width else { return false }
        let header = VectorFile.Header(
            library: library, model: model, width: width, count: ids.count)
        guard append(VectorFile.Layout.bytes(of: header)),
            append(ids.withUnsafeBytes { Data($0) }), append(scales.withUnsafeBytes { Data($0) })
        else { return false }
        let vectors = try Row.fetchCursor(
            database,
            sql: "SELECT bytes FROM vector WHERE model = ? AND length(bytes) = ? ORDER BY id",
            arguments: [model, width])
        var piece = Data()
        while let row = try vectors.next() {
            let bytes: Data = row[0]
            piece.append(bytes)
            if piece.count >= Self.pieceBytes {
                guard append(piece) else { return false }
                piece.removeAll(keepingCapacity: true)
            }
        }
        return append(piece)
    }

    private func append(_ data: Data) -> Bool { (try? handle.write(contentsOf: data)) != nil }

    private static let pieceBytes = 4 << 20
}
