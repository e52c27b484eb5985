/// What a search needs of a language model: the logits of the next token, for several sequences
/// that advance together.
protocol NextTokenModel {
    /// Appends tokens to every sequence.
    ///
    /// - Parameter tokens: one row a sequence, all of one length; the first call has the prompts.
    /// - Returns: logits of the token after them, one row of the vocabulary's size a sequence.
    mutating func logits(appending tokens: [[Int]]) throws -> [[Float]]

    /// Replaces the sequences by those of the given rows, which may leave some out, repeat some,
    /// and reorder them.
    mutating func keepRows(_ rows: [Int]) throws
}
