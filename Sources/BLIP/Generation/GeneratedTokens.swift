/// Token ids that a search found, and how likely they are.
struct GeneratedTokens: Sendable, Hashable {
    /// The ids after the begin token, the prompt's included, up to but without the end token.
    var ids: [Int]
    /// What the model itself gives each generated token, the end token included.
    var logProbabilities: [Float]

    /// Their mean; `nil` where none was generated.
    var score: Float? { logProbabilities.mean }
}
