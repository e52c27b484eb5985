/// Token ids that a search found, and how likely they are.
struct GeneratedTokens: Sendable, Hashable {
    /// The ids after the begin token, the prompt's included, up to but without the end token.
    var ids: [Int]
    /// The mean log-probability that the model gives the generated tokens, the end token included;
    /// `nil` where none was generated.
    var score: Float?
}
