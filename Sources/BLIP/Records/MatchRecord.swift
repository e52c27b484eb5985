/// How well a text fits a picture as JSON: what `blip match` prints, and `blip serve` answers.
package struct MatchRecord<Image: Encodable & Sendable>: Encodable, Sendable {
    /// What tells the picture from others: its path, or its place in a request.
    let image: Image
    let text: String
    let match: Match
    let timing: TimingRecord

    package init(image: Image, text: String, match: Match, timing: TimingRecord) {
        self.image = image
        self.text = text
        self.match = match
        self.timing = timing
    }

    enum CodingKeys: String, CodingKey {
        case image, text
        case matchProbability = "match_probability"
        case similarity, timing
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(image, forKey: .image)
        try values.encode(text, forKey: .text)
        try values.encode(match.probability, forKey: .matchProbability)
        // null, not left out, for models without vectors.
        try values.encode(
            match.similarity.flatMap { $0.isFinite ? $0 : nil }, forKey: .similarity)
        try values.encode(timing, forKey: .timing)
    }
}
