/// Token ids that a search found, and how likely they are.
public struct GeneratedTokens: Sendable, Hashable {
    /// The ids after the begin token, the prompt's included, up to but without the end token.
    public var ids: [Int]
    /// The mean log-probability of the tokens that were generated, the end token included; `nil`
    /// where none was generated.
    public var score: Float?
}
