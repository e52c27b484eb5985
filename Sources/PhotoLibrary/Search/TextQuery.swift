/// Words as FTS5 takes them.
struct TextQuery {
    /// Any of the words, each in quotation marks, so that nothing in them is an operator.
    let expression: String

    /// `nil` for a text that has no word which tells pictures apart.
    init?(_ text: String) {
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        let telling = words.filter { !Self.common.contains($0) }
        guard !telling.isEmpty else { return nil }
        expression = telling.map { "\"\($0)\"" }.joined(separator: " OR ")
    }

    /// English words that most captions have.
    private static let common: Set = [
        "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "in", "is", "it",
        "its",
        "of", "on", "or", "that", "the", "their", "there", "this", "to", "was", "were", "with",
    ]
}
