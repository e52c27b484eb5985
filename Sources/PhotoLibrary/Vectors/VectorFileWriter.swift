import Foundation
import GRDB

/// Writes the file of vectors beside its place, and renames it.
struct VectorFileWriter {
    private let file: URL
    private let partial: URL
    private let handle: FileHandle

    /// `nil` where no file can be made.
    init?(_ file: URL) {
        self.file = file
        partial = URL(filePath: file.path + "-partial")
        guard FileManager.default.createFile(atPath: partial.path, contents: nil),
            let handle = try? FileHandle(forWritingTo: partial)
        else { return nil }
        self.handle = handle
    }

    /// - Throws: `DatabaseError`; where the disk is full, nothing is there at the end.
    func write(_ library: UUID, _ model: Int64, from database: Database) throws {
        let isWhole = try fill(library, model, from: database)
        try? handle.close()
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
