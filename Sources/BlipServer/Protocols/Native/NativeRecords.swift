import BLIP

/// A text about a picture; fields are named as in the command line's JSON lines.
struct TextRecord: Encodable, Sendable {
    /// Index of the picture in the request.
    let image: Int
    var question: String?
    var caption: String?
    var answer: String?
    let tokenIDs: [Int]
    let score: Float?
    var ranking: [Rank]?
    let timing: TimingRecord

    struct Rank: Encodable, Sendable {
        let answer: String
        let score: Float
    }

    enum CodingKeys: String, CodingKey {
        case image, question, caption, answer
        case tokenIDs = "token_ids"
        case score, ranking, timing
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(image, forKey: .image)
        try values.encodeIfPresent(question, forKey: .question)
        try values.encodeIfPresent(caption, forKey: .caption)
        try values.encodeIfPresent(answer, forKey: .answer)
        try values.encode(tokenIDs, forKey: .tokenIDs)
        // null, not left out, where a score has no meaning.
        try values.encode(score.flatMap { $0.isFinite ? $0 : nil }, forKey: .score)
        try values.encodeIfPresent(ranking, forKey: .ranking)
        try values.encode(timing, forKey: .timing)
    }

    init(image: Int, caption: GeneratedText, _ timings: StageTimings) {
        self.image = image
        self.caption = caption.text
        tokenIDs = caption.tokenIDs
        score = caption.score
        timing = TimingRecord(timings + caption.timings)
    }

    init(image: Int, question: String, answer: GeneratedText, _ timings: StageTimings) {
        self.image = image
        self.question = question
        self.answer = answer.text
        tokenIDs = answer.tokenIDs
        score = answer.score
        timing = TimingRecord(timings + answer.timings)
    }

    init(image: Int, question: String, ranking: Ranking, _ timings: StageTimings) {
        self.image = image
        self.question = question
        answer = ranking.answers.first?.answer
        tokenIDs = []
        score = nil
        self.ranking = ranking.answers.map { Rank(answer: $0.answer, score: $0.score) }
        timing = TimingRecord(timings + ranking.timings)
    }
}

struct MatchRecord: Encodable, Sendable {
    let image: Int
    let text: String
    let matchProbability: Float
    let similarity: Float?
    let timing: TimingRecord

    enum CodingKeys: String, CodingKey {
        case image, text
        case matchProbability = "match_probability"
        case similarity, timing
    }
}

/// Milliseconds by stage.
struct TimingRecord: Encodable, Sendable {
    let preprocess: Double
    let vision: Double
    let text: Double
    let decode: Double
    let total: Double

    init(_ timings: StageTimings) {
        let milliseconds = { (time: Duration) in (time.seconds * 1e6).rounded() / 1e3 }
        preprocess = milliseconds(timings.preprocess)
        vision = milliseconds(timings.vision)
        text = milliseconds(timings.text)
        decode = milliseconds(timings.decode)
        total = milliseconds(timings.total)
    }
}

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
    let limits: Maxima
}

struct CaptionsRecord: Encodable, Sendable {
    let model: String
    let captions: [TextRecord]
}

struct AnswersRecord: Encodable, Sendable {
    let model: String
    let answers: [TextRecord]
}

struct MatchesRecord: Encodable, Sendable {
    let model: String
    let matches: [MatchRecord]
}

/// What a stream tells of a text that grows.
struct DeltaRecord: Encodable {
    let image: Int
    var question: String?
    let delta: String
}
