package import BLIP
import BlipPictures
import Foundation
import GRDB

extension Library {
    /// Finds pictures: by their vectors, all of which are looked at, and by words (FTS5's bm25); both orders are
    /// joined by reciprocal rank (Cormack, Clarke and Büttcher, 2009).
    ///
    /// A picture is found for every vector, fitting or not; ``LibraryModel/rerank(_:by:atLeast:acceptsMoreFormats:progress:)`` tells
    /// which of them fit.
    ///
    /// - Parameter query: its vectors must be by the model that the library was indexed with.
    /// - Returns: the best first.
    /// - Throws: ``LibraryError``, also for what is no date.
    public func search(_ query: SearchQuery) throws -> [SearchHit] {
        let filter = try SearchFilter(query)
        let limit = max(0, query.limit)
        return try read { database in
            let words = query.text.flatMap(TextQuery.init)
            guard !query.vectors.isEmpty || words != nil else {
                let ids =
                    query.text == nil ? try filter.latest(limit, in: database) : []
                return try hits(ids.map { ($0, 0) }, [:], filter, in: database)
            }
            let depth = max(Self.leastDepth, 2 * limit)
            let allowed =
                query.vectors.isEmpty ? nil : try filter.vectors(in: database)
            var lists: [[Int64]] = []
            var similarities: [Int64: Float] = [:]
            for (index, vector) in query.vectors.enumerated() {
                let found = try nearest(depth, to: vector, among: allowed, in: database)
                lists.append(found.map(\.picture))
                if index == 0 {
                    similarities = Dictionary(found.map { ($0.picture, $0.similarity) }) { $1 }
                }
            }
            if let words {
                lists.append(try filter.pictures(matching: words, depth, in: database))
            }
            let joined = ReciprocalRank.join(lists).prefix(limit)
            if let first = query.vectors.first {
                let missing = joined.map(\.id).filter { similarities[$0] == nil }
                for (id, vector) in try embeddings(of: missing, in: database) {
                    similarities[id] = vector.cosine(to: first)
                }
            }
            return try hits(joined.map { ($0.id, $0.score) }, similarities, filter, in: database)
        }
    }

    private func hits(
        _ found: [(id: Int64, score: Double)], _ similarities: [Int64: Float],
        _ filter: SearchFilter, in database: Database
    ) throws -> [SearchHit] {
        let photos = try Photo.fetch(found.map(\.id), from: database)
        return found.compactMap { found in
            photos[found.id].map { photo in
                let similarity = similarities[found.id].flatMap { $0.isFinite ? $0 : nil }
                return SearchHit(
                    photo: photo.showing(filter.contains),
                    similarity: similarity, score: found.score)
            }
        }
    }

    /// Ranks that are joined; what comes later adds next to nothing.
    private static let leastDepth = 100
}

extension Library {
    struct Similar {
        let picture: Int64
        let similarity: Float
    }

    /// The pictures most like a vector: found among 8-bit vectors, told apart by 16 bits.
    func nearest(
        _ count: Int, to vector: Embedding, among allowed: [Int64]?, in database: Database
    ) throws -> [Similar] {
        let query = ScanQuery(vector)
        var wanted = count + Self.spares
        while true {
            let found = try vectors.nearest(wanted, to: query, among: allowed, in: database)
            let living = try embeddings(ofVectors: found.map(\.id), in: database)
                .map { Similar(picture: $0.picture, similarity: $0.vector.cosine(to: vector)) }
                .sorted { ($1.similarity, $0.picture) < ($0.similarity, $1.picture) }
            // Some of what was found may be of pictures that are gone.
            if living.count >= count || found.count < wanted { return Array(living.prefix(count)) }
            wanted *= 2
        }
    }

    /// Found beyond what is wanted, for those that rounding put too far back or that are gone.
    private static let spares = 64

    private func embeddings(
        ofVectors ids: [Int64], in database: Database
    ) throws -> [(picture: Int64, vector: Embedding)] {
        guard !ids.isEmpty else { return [] }
        let list = ids.map(String.init).joined(separator: ",")
        return try Row.fetchAll(
            database,
            sql: "SELECT picture, scale, bytes, residual FROM vector WHERE id IN (\(list))"
        ).map { row in
            (row[0], QuantizedVector.embedding(scale: row[1], bytes: row[2], residual: row[3]))
        }
    }

    func embeddings(
        of pictures: [Int64], in database: Database
    ) throws -> [(picture: Int64, vector: Embedding)] {
        guard !pictures.isEmpty else { return [] }
        let list = pictures.map(String.init).joined(separator: ",")
        let ids = try Int64.fetchAll(
            database,
            sql: """
                SELECT id FROM vector WHERE picture IN (\(list)) AND model = \
                (SELECT value FROM setting WHERE name = 'model')
                """)
        return try embeddings(ofVectors: ids, in: database)
    }

    /// Where a picture lies in the space shared with texts; `nil` where the library's model has no projections.
    ///
    /// - Throws: ``LibraryError``.
    package func embedding(of photo: Photo) throws -> Embedding? {
        try read { try embeddings(of: [photo.id], in: $0).first?.vector }
    }
}
