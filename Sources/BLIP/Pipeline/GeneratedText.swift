/// A caption or an answer.
public struct GeneratedText: Sendable, Hashable {
    /// The words, special tokens left out.
    public let text: String
    /// The ids after the begin token, the prompt's included, up to but without the end token.
    public let tokenIDs: [Int]
    /// The mean log-probability of the generated tokens, the end token included; `nil` where none
    /// was generated.
    public let score: Float?
    /// What it took beyond encoding the picture.
    public let timings: StageTimings
}
