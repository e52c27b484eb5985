import BLIP
import Foundation

/// The JSON lines that the commands print; field names are the command line's contract.
struct CaptionRecord: Encodable {
    let image: String
    let caption: String
    let tokenIDs: [Int]
    let score: Float?
    let timing: TimingRecord

    enum CodingKeys: String, CodingKey {
        case image, caption
        case tokenIDs = "token_ids"
        case score, timing
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(image, forKey: .image)
        try values.encode(caption, forKey: .caption)
        try values.encode(tokenIDs, forKey: .tokenIDs)
        // null, not left out, where a score has no meaning.
        try values.encode(score.flatMap { $0.isFinite ? $0 : nil }, forKey: .score)
        try values.encode(timing, forKey: .timing)
    }
}

struct AnswerRecord: Encodable {
    struct Rank: Encodable {
        let answer: String
        /// ``RankedAnswer/score``.
        let score: Float
    }

    let image: String
    let question: String
    let answer: String
    let tokenIDs: [Int]
    let score: Float?
    /// Of a closed list, best first; left out where the answer was written.
    let ranking: [Rank]?
    let timing: TimingRecord

    enum CodingKeys: String, CodingKey {
        case image, question, answer
        case tokenIDs = "token_ids"
        case score, ranking, timing
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(image, forKey: .image)
        try values.encode(question, forKey: .question)
        try values.encode(answer, forKey: .answer)
        try values.encode(tokenIDs, forKey: .tokenIDs)
        try values.encode(score.flatMap { $0.isFinite ? $0 : nil }, forKey: .score)
        try values.encodeIfPresent(ranking, forKey: .ranking)
        try values.encode(timing, forKey: .timing)
    }
}

struct MatchRecord: Encodable {
    let image: String
    let text: String
    let matchProbability: Float
    let similarity: Float?
    let timing: TimingRecord

    enum CodingKeys: String, CodingKey {
        case image, text
        case matchProbability = "match_probability"
        case similarity, timing
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(image, forKey: .image)
        try values.encode(text, forKey: .text)
        try values.encode(matchProbability, forKey: .matchProbability)
        try values.encode(similarity.flatMap { $0.isFinite ? $0 : nil }, forKey: .similarity)
        try values.encode(timing, forKey: .timing)
    }
}

struct ErrorRecord: Encodable {
    let image: String
    let error: String
}

/// Milliseconds by stage; `load` stands on the first line only.
struct TimingRecord: Encodable {
    let load: Double?
    let preprocess: Double
    let vision: Double
    let text: Double
    let decode: Double
    let total: Double

    init(_ timings: StageTimings, load: Duration?) {
        self.load = load?.milliseconds
        preprocess = timings.preprocess.milliseconds
        vision = timings.vision.milliseconds
        text = timings.text.milliseconds
        decode = timings.decode.milliseconds
        total = (timings.total + (load ?? .zero)).milliseconds
    }

    /// The same in words.
    var summary: String {
        let stages = [
            ("load", load ?? 0), ("preprocess", preprocess), ("vision", vision), ("text", text),
            ("decode", decode),
        ]
        let parts = stages.filter { $0.1 > 0 }.map { "\($0.0) \(Self.format($0.1))" }
        return (parts + ["total \(Self.format(total))"]).joined(separator: "  ")
    }

    private static func format(_ milliseconds: Double) -> String {
        String(format: milliseconds < 10 ? "%.1f ms" : "%.0f ms", milliseconds)
    }
}

extension Duration {
    /// Milliseconds, to the microsecond.
    var milliseconds: Double {
        let (seconds, attoseconds) = components
        return ((Double(seconds) * 1e6 + Double(attoseconds) / 1e12).rounded()) / 1e3
    }
}

func jsonLine(_ record: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(record), as: UTF8.self)
}
