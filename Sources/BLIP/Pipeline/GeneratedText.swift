/// A caption or an answer.
public struct GeneratedText: Sendable, Hashable, Codable {
    /// The words, special tokens left out.
    public let text: String
    /// The ids after the begin token, the prompt's included, up to but without the end token.
    public let tokenIDs: [Int]
    /// The mean log-probability of the generated tokens, the end token included; `nil` where none
    /// was generated.
    public let score: Float?
    /// The log-probability of each generated token as the model itself has it, before penalties and
    /// temperature. Those of a prompt have none; the end token, where one was generated, is the last.
    public let logProbabilities: [Float]
    /// What it took beyond encoding the picture.
    public let timings: StageTimings
}

/// A caption or an answer that is still growing.
public struct PartialText: Sendable, Hashable, Codable {
    /// Which of the pictures or questions it belongs to.
    public let input: Int
    /// Which of that one's texts it is.
    public let index: Int
    /// The words so far. The next token may still join or change the last word, as `don '` becomes
    /// `don't`.
    public let text: String
    /// The ids so far, without the begin token.
    public let tokenIDs: [Int]
}
