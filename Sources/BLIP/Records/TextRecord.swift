/// A text about a picture as JSON: what `blip caption` and `blip ask` print, and `blip serve` answers.
///
/// A caption has no `question`; of the other two, one is there.
package struct TextRecord<Image: Encodable & Sendable>: Encodable, Sendable {
    /// What tells the picture from others: its path, or its place in a request.
    let image: Image
    private(set) var question: String?
    private(set) var caption: String?
    private(set) var answer: String?
    let tokenIDs: [Int]
    let score: Float?
    /// Of a closed list, best first; left out where the answer was written.
    private(set) var ranking: [Rank]?
    let timing: TimingRecord

    struct Rank: Encodable, Sendable {
        let answer: String
        /// ``RankedAnswer/score``.
        let score: Float
    }

    package init(image: Image, caption: GeneratedText, timing: TimingRecord) {
        self.init(image, caption, timing)
        self.caption = caption.text
    }

    package init(image: Image, question: String, answer: GeneratedText, timing: TimingRecord) {
        self.init(image, answer, timing)
        self.question = question
        self.answer = answer.text
    }

    package init(image: Image, question: String, ranking: Ranking, timing: TimingRecord) {
        self.image = image
        self.question = question
        answer = ranking.answers.first?.answer ?? ""
        tokenIDs = []
        score = nil
        self.ranking = ranking.answers.map { Rank(answer: $0.answer, score: $0.score) }
        self.timing = timing
    }

    private init(_ image: Image, _ text: GeneratedText, _ timing: TimingRecord) {
        self.image = image
        tokenIDs = text.tokenIDs
        score = text.score
        self.timing = timing
    }

    enum CodingKeys: String, CodingKey {
        case image, question, caption, answer
        case tokenIDs = "token_ids"
        case score, ranking, timing
    }

    package func encode(to encoder: any Encoder) throws {
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
}
