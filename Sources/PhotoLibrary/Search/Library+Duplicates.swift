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
    /// Each vector is compared with all others, most of them in a few dimensions alone: a million take minutes.
    ///
    /// - Parameters:
    ///   - similarity: the least cosine of two pictures that are taken for near-duplicates; `nil` for copies alone.
    ///   - progress: called, by any thread, with how many of how many pictures were compared with all others.
    /// - Throws: ``LibraryError``.
    package func duplicates(
        atLeast similarity: Float? = 0.95,
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> [DuplicateGroup] {
        try read { database in
            var sets: [[Int64]] = []
            if let similarity {
                sets = try vectors.groups(atLeast: similarity, in: database, progress: progress)
            }
            let grouped = Set(sets.joined())
            let copied = try Int64.fetchAll(
                database,
                sql: """
                    SELECT picture FROM file WHERE picture IS NOT NULL GROUP BY picture HAVING count(*) > 1
                    """)
            sets += copied.filter { !grouped.contains($0) }.map { [$0] }
            var found: [DuplicateGroup] = []
            for part in sets.chunks(of: Self.setsAtATime) {
                var photos: [Int64: Photo] = [:]
                var embeddings: [Int64: Embedding] = [:]
                for ids in part.flatMap(\.self).chunks(of: Self.picturesAtATime) {
                    photos.merge(try Photo.fetch(Array(ids), from: database)) { $1 }
                    for (picture, vector) in try self.embeddings(of: Array(ids), in: database) {
                        embeddings[picture] = vector
                    }
                }
                for set in part {
                    let members = Self.members(set.compactMap { photos[$0] }, embeddings)
                    if members.count > 1 { found.append(DuplicateGroup(members: members)) }
                }
            }
            return found.sorted { $0.members[0].path < $1.members[0].path }
        }
    }

    private static let setsAtATime = 500
    /// SQLite takes statements of a million characters.
    private static let picturesAtATime = 5_000

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
