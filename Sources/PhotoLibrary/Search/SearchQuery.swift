public import BLIP
public import Foundation

/// What is searched for. What ``LibraryModel/query(_:)`` makes has words and their vector.
public struct SearchQuery: Sendable {
    /// Words that captions, keywords, descriptions and paths are searched for.
    public var text: String?
    /// What pictures are to be like, in the space that pictures and texts share; each finds pictures of its own.
    package var vectors: [Embedding]
    /// The first day, month or year: `2026-11-27`, `2026-11` or `2026`.
    public var since: String?
    /// The last day, month or year.
    public var until: String?
    /// A folder that pictures lie in, there or below.
    public var folder: URL?
    /// The most pictures that are found.
    public var limit: Int

    /// Makes a query; without words and vectors it finds all pictures, the latest first.
    ///
    /// - Parameters:
    ///   - text: words, or none.
    ///   - vector: of the words or of a picture, by the library's model; `nil` for none.
    ///   - limit: the most pictures that are found.
    public init(text: String? = nil, vector: Embedding? = nil, limit: Int = 20) {
        self.text = text
        vectors = vector.map { [$0] } ?? []
        self.limit = limit
    }
}

/// A picture that a search found.
public struct SearchHit: Sendable, Identifiable {
    /// The picture, with the file first that the query's folder has.
    public let photo: Photo
    /// The cosine of its vector and the query's first one, -1 to 1; `nil` where one of them has none.
    public let similarity: Float?
    /// Reciprocal ranks, added: what hits are ordered by before they are matched.
    public let score: Double
    /// How likely the words fit, 0 to 1, once a model has looked at both; see
    /// ``LibraryModel/rerank(_:by:atLeast:acceptsMoreFormats:progress:)``.
    public internal(set) var matchProbability: Float?

    public var id: Int64 { photo.id }
}
