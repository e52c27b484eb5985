import BLIP
import Foundation
import GRDB
import Testing

@testable import PhotoLibrary

@Suite("Vectors")
struct VectorTests {
    private static func vectors(_ count: Int) -> [Embedding] {
        var generator = Generator()
        return (0..<count).map { _ in
            let values = (0..<256).map { _ in Float.random(in: -1...1, using: &generator) }
            let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return Embedding(values.map { $0 / length })
        }
    }

    /// A library of vectors alone.
    private func fill(_ library: Library, _ vectors: [Embedding], from first: Int = 1) throws {
        try library.write { database in
            try LibrarySettings.prepare(database)
            try LibrarySettings.set("model", "1", in: database)
            try database.execute(
                sql:
                    "INSERT OR IGNORE INTO model (id, name, fingerprint, settings) VALUES (1, '', '', '')"
            )
            for (index, vector) in vectors.enumerated() {
                try database.execute(
                    sql: "INSERT INTO picture (id, hash, width, height) VALUES (?, ?, 1, 1)",
                    arguments: [first + index, Data("\(first + index)".utf8)])
                try LibraryWriter(database: database).set(
                    .init(vector: (QuantizedVector(vector), model: 1)), of: Int64(first + index))
            }
        }
    }

    private func found(_ library: Library, _ query: Embedding, _ count: Int = 10) throws -> [Int64]
    {
        try library.read {
            try library.nearest(count, to: query, among: nil, in: $0).map(\.picture)
        }
    }

    @Test func theNearestAreThoseOfAnExactSearch() throws {
        let folder = try TestFolder()
        let library = try folder.library()
        let all = Self.vectors(1_104)
        let (vectors, queries) = (Array(all.prefix(1_100)), Array(all.suffix(4)))
        try fill(library, vectors)
        let exact = queries.map { query in
            vectors.indices.map { (Int64($0 + 1), vectors[$0].cosine(to: query)) }
                .sorted { $0.1 > $1.1 }.prefix(10).map(\.0)
        }
        func recall() throws -> Double {
            let right = try zip(queries, exact).map { query, exact in
                Set(try found(library, query)).intersection(exact).count
            }
            return Double(right.reduce(0, +)) / Double(10 * queries.count)
        }
        // From the table, and from the file.
        #expect(try recall() >= 0.99)
        try library.read { try library.vectors.refresh(from: $0) }
        let place = LibraryPlace(folder.file).vectors
        #expect(FileManager.default.fileExists(atPath: place.path))
        #expect(try recall() >= 0.99)
        // What came later, and what is gone.
        try fill(library, [queries[0]], from: 5_000)
        #expect(try found(library, queries[0]).first == 5_000)
        let second = try found(library, queries[0])[1]
        try library.write {
            try $0.execute(sql: "DELETE FROM vector WHERE picture = ?", arguments: [second])
        }
        let rest = try found(library, queries[0])
        #expect(rest.count == 10 && !rest.contains(second))
        // A file that was cut off is not used.
        let handle = try FileHandle(forWritingTo: place)
        try handle.truncate(atOffset: 100_000)
        try handle.close()
        #expect(try found(folder.library(for: .reading), queries[0]) == rest)
    }

    @Test func filtersKeepTheOrder() throws {
        let folder = try TestFolder()
        let library = try folder.library()
        let vectors = Self.vectors(300)
        try fill(library, vectors)
        let query = vectors[7]
        try library.read { database in
            let all = try library.nearest(300, to: query, among: nil, in: database)
            #expect(all.count == 300 && all[0].picture == 8)
            let allowed: [Int64] = [2, 8, 299, 300, 4_000]
            let some = try library.nearest(10, to: query, among: allowed, in: database)
            #expect(some.map(\.picture) == all.map(\.picture).filter(allowed.contains))
        }
        #expect(
            try library.read { try library.vectors.groups(atLeast: 0.9999, in: $0) }.isEmpty)
    }

    /// Vectors of few directions and much noise, some of which nearly repeat others.
    private static func clustered(_ count: Int, width: Int) -> [Embedding] {
        var generator = Generator()
        var last = [Float](repeating: 1, count: width)
        return (0..<count).map { index in
            let isNear = index % 3 == 2
            last = last.enumerated().map { place, value in
                let spread: Float = isNear ? 0.08 : 1 / (1 + Float(place) / 8)
                return (isNear ? value : 0) + spread * .random(in: -1...1, using: &generator)
            }
            let length = last.reduce(0) { $0 + $1 * $1 }.squareRoot()
            last = last.map { $0 / length }
            return Embedding(last)
        }
    }

    @Test func comparingInFewDimensionsLosesNoPair() throws {
        let width = 64
        let vectors = Self.clustered(520, width: width).map(QuantizedVector.init)
        var scales = vectors.map(\.scale)
        // A damaged row is like nothing, and stops nothing.
        scales[7] = .nan
        scales[8] = .infinity
        let bytes = vectors.flatMap(\.bytes)
        let ids = Array(1...Int64(vectors.count))
        ids.withUnsafeBufferPointer { ids in
            scales.withUnsafeBufferPointer { scales in
                bytes.withUnsafeBufferPointer { bytes in
                    let block = VectorBlock(ids: ids, scales: scales, bytes: bytes, width: width)
                    let projected = ProjectedVectors(block, forPairsOf: 0.95)
                    #expect(projected?.width == 32)
                    for similarity: Float in [0.999, 0.95, 0.9, 0.5] {
                        let all = block.groups(atLeast: similarity, in: nil)
                        #expect(!all.isEmpty || similarity > 0.99)
                        let found = block.groups(
                            atLeast: similarity, in: projected, tileRows: 64)
                        #expect(found == all)
                    }
                }
            }
        }
    }

    @Test func setsAreJoinedByTheirMembers() {
        var sets = DisjointSets(count: 8)
        for (first, second) in [(5, 2), (7, 6), (2, 1), (5, 1)] { sets.join(first, second) }
        #expect(sets.sets() == [[1, 2, 5], [6, 7]])
    }

    @Test func bytesAreTheVectorAgain() {
        for vector in Self.vectors(20) {
            let quantized = QuantizedVector(vector)
            let again = QuantizedVector.embedding(
                scale: quantized.scale, bytes: quantized.bytes.data,
                residual: quantized.residual.data)
            #expect(again.cosine(to: vector) > 0.999_999)
        }
        // Nothing to divide by.
        let none = QuantizedVector(Embedding([Float](repeating: 0, count: 256)))
        #expect(none.bytes.allSatisfy { $0 == 0 })
        #expect(QuantizedVector(Embedding([.nan, .infinity])).bytes == [0, 0])
    }
}
