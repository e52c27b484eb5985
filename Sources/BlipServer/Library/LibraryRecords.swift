/// What a photo library holds, for filters.
struct LibraryRecord: Encodable {
    let count: Int
    let folders: [String]
    let first: String?
    let last: String?

    init(_ overview: PhotoOverview) {
        count = overview.count
        folders = overview.folders
        first = overview.first
        last = overview.last
    }
}

/// The answer to a search.
struct SearchRecord: Encodable, Sendable {
    let model: String
    let pictures: [FoundPhotoRecord]
}

struct FoundPhotoRecord: Encodable, Sendable {
    let id: Int64
    let image: String
    let caption: String?
    let taken: String?
    let width: Int?
    let height: Int?
    let similarity: Double?
    let matchProbability: Double?
    let score: Double?
    /// Paths on this server.
    let thumbnail: String
    let original: String

    init(_ photo: FoundPhoto) {
        id = photo.id
        image = photo.image
        caption = photo.caption
        taken = photo.taken
        width = photo.width
        height = photo.height
        similarity = photo.similarity
        matchProbability = photo.matchProbability
        score = photo.score
        thumbnail = "/v1/library/\(photo.id)/thumbnail"
        original = "/v1/library/\(photo.id)/original"
    }

    enum CodingKeys: String, CodingKey {
        case id, image, caption, taken, width, height, similarity, score, thumbnail, original
        case matchProbability = "match_probability"
    }
}
