import Foundation
import GRDB
import Synchronization

/// Finds vectors: in the file that has most of them, and in the tables for those that came later.
final class VectorStore: Sendable {
    private let file: URL
    private let isWritable: Bool
    private let state = Mutex(State())

    private struct State {
        var file: VectorFile?
        var tail: Tail?
    }

    /// What the file does not have yet.
    private final class Tail: Sendable {
        let after: Int64
        let ids: [Int64]
        let scales: [Float]
        let bytes: [Int8]
        let width: Int

        init(after: Int64, ids: [Int64], scales: [Float], bytes: [Int8], width: Int) {
            self.after = after
            self.ids = ids
            self.scales = scales
            self.bytes = bytes
            self.width = width
        }

        var last: Int64 { ids.last ?? after }

        func withBlock<Result>(_ body: (VectorBlock) -> Result) -> Result {
            ids.withUnsafeBufferPointer { ids in
                scales.withUnsafeBufferPointer { scales in
                    bytes.withUnsafeBufferPointer { bytes in
                        body(VectorBlock(ids: ids, scales: scales, bytes: bytes, width: width))
                    }
                }
            }
        }
    }

    init(file: URL, isWritable: Bool) {
        self.file = file
        self.isWritable = isWritable
    }

    /// The vectors of the library's model that are most like a query, best first.
    ///
    /// Some may be of pictures that are gone.
    ///
    /// - Parameter allowed: numbers of vectors, in order; `nil` for all.
    func nearest(
        _ count: Int, to query: ScanQuery, among allowed: [Int64]? = nil, in database: Database
    ) throws -> [VectorBlock.Found] {
        guard let settings = try LibrarySettings(database), let model = settings.model else {
            return []
        }
        var found: [VectorBlock.Found] = []
        let (mapped, tail) = try current(settings.id, model, in: database)
        // Mapped as long as this runs.
        defer { withExtendedLifetime(mapped) {} }
        if let mapped {
            found +=
                allowed.map { mapped.block.nearest(count, to: query, among: $0) }
                ?? mapped.block.nearest(count, to: query)
        }
        found += tail.withBlock { block in
            allowed.map { block.nearest(count, to: query, among: $0) }
                ?? block.nearest(count, to: query)
        }
        return Array(found.sorted(by: >).prefix(count))
    }

    /// Pictures that are joined by pairs whose vectors are as like as that.
    ///
    /// - Parameter progress: called, by any thread, with how many of how many were compared with all others.
    func groups(
        atLeast similarity: Float, in database: Database,
        progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) throws -> [[Int64]] {
        guard let settings = try LibrarySettings(database), let model = settings.model else {
            return []
        }
        // In one piece, read from the table: what is in it is neither gone nor missing.
        let all = try Self.tail(after: 0, model: model, in: database)
        let pictures = try Int64.fetchAll(
            database,
            sql: "SELECT picture FROM vector WHERE model = ? AND length(bytes) = ? ORDER BY id",
            arguments: [model, all.width])
        guard pictures.count == all.ids.count else { return [] }
        let compared = Mutex(0)
        let groups = all.withBlock { block in
            let projected = ProjectedVectors(block, forPairsOf: similarity)
            return block.groups(atLeast: similarity, in: projected) { count in
                compared.withLock {
                    $0 += count
                    progress($0, pictures.count)
                }
            }
        }
        return groups.map { $0.map { pictures[$0] } }
    }

    private func current(
        _ library: UUID, _ model: Int64, in database: Database
    ) throws -> (VectorFile?, Tail) {
        var state = state.withLock(\.self)
        if state.file?.header.model != model || state.file?.header.library != library {
            state.file = VectorFile(file, of: library, model: model)
            state.tail = nil
        }
        let start = state.file?.lastID ?? 0
        let last =
            try Int64.fetchOne(database, sql: "SELECT max(id) FROM vector") ?? start
        if let tail = state.tail, tail.after == start, tail.last >= last {
            return (state.file, tail)
        }
        let tail = try Self.tail(after: start, model: model, in: database)
        state.tail = tail
        self.state.withLock { [state] in $0 = state }
        return (state.file, tail)
    }

    private static func tail(
        after start: Int64, model: Int64, in database: Database
    ) throws -> Tail {
        var ids: [Int64] = []
        var scales: [Float] = []
        var bytes: [Int8] = []
        var width = 0
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT id, scale, bytes FROM vector WHERE id > ? AND model = ? ORDER BY id",
            arguments: [start, model])
        while let row = try rows.next() {
            let vector: Data = row[2]
            if width == 0 { width = vector.count }
            // Of one model all are as wide; a damaged row is left out.
            guard vector.count == width else { continue }
            ids.append(row[0])
            scales.append(row[1])
            vector.withUnsafeBytes { bytes.append(contentsOf: $0.bindMemory(to: Int8.self)) }
        }
        return Tail(after: start, ids: ids, scales: scales, bytes: bytes, width: width)
    }

    /// Writes the file anew where much is not in it, or much in it is gone.
    ///
    /// - Throws: `DatabaseError`; a file that cannot be written is left as it is: searches then read the tables.
    func refresh(from database: Database) throws {
        guard isWritable, let settings = try LibrarySettings(database),
            let model = settings.model
        else { return }
        let mapped = VectorFile(file, of: settings.id, model: model)
        let count =
            try Int.fetchOne(
                database, sql: "SELECT count(*) FROM vector WHERE model = ?", arguments: [model])
            ?? 0
        let new =
            try Int.fetchOne(
                database, sql: "SELECT count(*) FROM vector WHERE id > ? AND model = ?",
                arguments: [mapped?.lastID ?? 0, model]) ?? 0
        let gone = (mapped?.header.count ?? 0) - (count - new)
        guard new + gone > max(1_000, count / 20) else { return }
        guard let writer = VectorFileWriter(file) else { return }
        try writer.write(settings.id, model, from: database)
        state.withLock { $0 = State() }
    }
}
