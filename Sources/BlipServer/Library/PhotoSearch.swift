package import Foundation

/// A library of photographs that a ``BlipService`` searches, and shows on its page.
///
/// Whoever serves one gives it to the service; only its pictures can be fetched there.
package protocol PhotoSearch: Sendable {
    /// What there is to filter by.
    ///
    /// - Throws: whatever keeps the library from being read; clients are told that it failed.
    func overview() async throws -> PhotoOverview

    /// The pictures that fit, best first.
    ///
    /// - Throws: whatever keeps the library from being read; clients are told that it failed.
    func pictures(for query: PhotoQuery) async throws -> [FoundPhoto]

    /// The file of a picture; `nil` where the library has none of that number.
    ///
    /// - Throws: whatever keeps the library from being read; clients are told that it failed.
    func file(of id: Int64) async throws -> PhotoFile?
}

/// How much a library has.
package struct PhotoOverview: Sendable, Hashable {
    /// How many pictures.
    package var count: Int
    /// The folders that hold pictures, by their paths.
    package var folders: [String]
    /// When the first picture was taken, `2026-11-27T20:15:00`; `nil` where none has a date.
    package var first: String?
    /// When the last picture was taken.
    package var last: String?

    /// Makes an overview.
    package init(count: Int, folders: [String], first: String? = nil, last: String? = nil) {
        self.count = count
        self.folders = folders
        self.first = first
        self.last = last
    }
}

/// What is looked for in a library.
package struct PhotoQuery: Sendable, Hashable {
    /// Words; `nil` for the latest pictures, or those that are like another.
    package var text: String?
    /// The number of a picture that others shall be like.
    package var like: Int64?
    /// A folder's path: only pictures there and below.
    package var folder: String?
    /// The first day, month or year: `2026-11-27`, `2026-11` or `2026`.
    package var since: String?
    /// The last day, month or year.
    package var until: String?
    /// The most pictures.
    package var limit: Int
    /// How many of the best the model looks at again, for their match probabilities.
    package var rerank: Int

    /// Makes a query.
    package init(text: String? = nil, limit: Int = 48, rerank: Int = 0) {
        self.text = text
        self.limit = limit
        self.rerank = rerank
    }
}

/// A picture that was found.
package struct FoundPhoto: Sendable, Hashable {
    /// Its number in the library.
    package var id: Int64
    /// Its path, for people: bytes that are not UTF-8 are escaped.
    package var image: String
    /// What is to be seen; `nil` where it has no caption.
    package var caption: String?
    /// When it was taken, `2026-11-27T20:15:00` by the clock where that was.
    package var taken: String?
    /// Pixels from left to right, as it is shown.
    package var width: Int?
    /// Pixels from top to bottom.
    package var height: Int?
    /// The cosine of its vector and the query's, -1...1.
    package var similarity: Double?
    /// How likely the text fits, 0...1; `nil` where the model did not look again.
    package var matchProbability: Double?
    /// What the order is by; larger is better.
    package var score: Double?

    /// Makes one.
    package init(id: Int64, image: String, caption: String? = nil) {
        self.id = id
        self.image = image
        self.caption = caption
    }
}

/// Where a picture of a library lies.
package struct PhotoFile: Sendable, Hashable {
    /// A file URL; bytes of the path that are not UTF-8 stand in it percent-encoded.
    package var url: URL
    /// What tells its bytes from all others, such as their SHA-256: thumbnails are kept by it.
    package var contentKey: String

    /// Makes one.
    package init(url: URL, contentKey: String) {
        self.url = url
        self.contentKey = contentKey
    }
}
