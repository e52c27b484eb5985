import BLIP

/// What this server runs, for clients and its page.
struct InfoRecord: Encodable {
    struct Maxima: Encodable {
        var bytes = Limits.bodyBytes
        var pixels = Limits.pixels
        var pictures = Limits.pictures
        var texts = Limits.texts
    }

    let model: String
    let version: String
    let tasks: [BlipTask]
    let devices: [String]
    let precision: String?
    let library: Bool
    /// Sizes that pictures may be looked at with.
    let imageSizes: [Int]
    let limits: Maxima
    /// Where the page of cameras is; `nil` where none is watched.
    let cameras: String?

    enum CodingKeys: String, CodingKey {
        case model, version, tasks, devices, precision, library, limits, cameras
        case imageSizes = "image_sizes"
    }
}

/// The answer to a request for captions; each picture is named by its place in the request.
struct CaptionsRecord: Encodable, Sendable {
    let model: String
    let captions: [TextRecord<Int>]
}

struct AnswersRecord: Encodable, Sendable {
    let model: String
    let answers: [TextRecord<Int>]
}

struct MatchesRecord: Encodable, Sendable {
    let model: String
    let matches: [MatchRecord<Int>]
}

/// What a stream tells of a text that grows.
struct DeltaRecord: Encodable {
    let image: Int
    var question: String?
    let delta: String
}
