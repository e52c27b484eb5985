import BLIP
import BlipPictures
package import Foundation
import GRDB

/// Files that show the same, or nearly.
package struct DuplicateGroup: Sendable {
    /// One of the files.
    package struct Member: Sendable {
        /// Where it lies.
        package var file: URL { path.url }
        /// The cosine of its vector and the first member's; 1 for a copy of it.
        package let similarity: Float
        let path: RawPath
        /// The path as it is printed.
        package var name: String { path.description }
    }

    /// Two at least, in the order of their paths but for those that are copies of another, which follow it.
    package let members: [Member]
}

extension Library {
    /// Files with the same bytes, and pictures with nearly the same vectors.
    ///
    /// Each vector is compared with all others, so that the time grows with the square of their number.
    ///
    /// - Parameter similarity: the least cosine of two pictures that are taken for near-duplicates; `nil` for copies
    ///   alone.
    /// - Throws: ``LibraryError``.
    package func duplicates(atLeast similarity: Float? = 0.95) throws -> [DuplicateGroup] {
        try read { database in
            var groups = DisjointSets()
            if let similarity {
                for (first, second) in try vectors.pairs(atLeast: similarity, in: database) {
                    groups.join(first, second)
                }
            }
            let copied = try Int64.fetchAll(
                database,
                sql: """
                    SELECT picture FROM file WHERE picture IS NOT NULL GROUP BY picture HAVING count(*) > 1
                    """)
            let sets = groups.sets(including: copied)
            var found: [DuplicateGroup] = []
            for part in sets.chunks(of: 500) {
                let ids = part.flatMap(\.self)
                let photos = try Photo.fetch(ids, from: database)
                let embeddings = Dictionary(
                    try self.embeddings(of: ids, in: database).map { ($0.picture, $0.vector) }
                ) { $1 }
                for set in part {
                    let members = Self.members(set.compactMap { photos[$0] }, embeddings)
                    if members.count > 1 { found.append(DuplicateGroup(members: members)) }
                }
            }
            return found.sorted { $0.members[0].path < $1.members[0].path }
        }
    }

    private static func members(
        _ photos: [Photo], _ embeddings: [Int64: Embedding]
    ) -> [DuplicateGroup.Member] {
        let ordered = photos.filter { !$0.paths.isEmpty }.sorted { $0.paths[0] < $1.paths[0] }
        guard let first = ordered.first else { return [] }
        return ordered.flatMap { photo in
            var similarity: Float = photo.id == first.id ? 1 : 0
            if photo.id != first.id, let one = embeddings[first.id],
                let other = embeddings[photo.id]
            {
                similarity = one.cosine(to: other)
            }
            return photo.paths.map { DuplicateGroup.Member(similarity: similarity, path: $0) }
        }
    }
}

/// Sets that are joined by their members (union-find).
private struct DisjointSets {
    private var parents: [Int64: Int64] = [:]

    mutating func join(_ first: Int64, _ second: Int64) {
        let (low, high) = (root(first), root(second))
        if low != high { parents[max(low, high)] = min(low, high) }
    }

    private mutating func root(_ member: Int64) -> Int64 {
        var root = member
        while let parent = parents[root], parent != root { root = parent }
        var next = member
        while next != root {
            let parent = parents[next] ?? root
            parents[next] = root
            next = parent
        }
        parents[root] = root
        return root
    }

    mutating func sets(including others: [Int64]) -> [[Int64]] {
        var sets: [Int64: [Int64]] = [:]
        for member in Set(parents.keys).union(others) {
            sets[root(member), default: []].append(member)
        }
        return sets.values.map { $0.sorted() }.sorted { $0[0] < $1[0] }
    }
}
