extension WordPieceTokenizer {
    /// The text of ids: as transformers' `tokenizer.decode` and BLIP's `processor.decode` write it.
    ///
    /// Tokens are joined by spaces, those that continue a word without one, and the space before
    /// `.`, `?`, `!`, `,`, `n't`, `'m`, `'s`, `'ve` and `'re` goes. Case and accents that
    /// ``encode(_:addingSpecialTokens:maximumLength:)`` took away stay away.
    ///
    /// - Parameters:
    ///   - ids: Ids that there is no token for are left out.
    ///   - skippingSpecialTokens: Leaves out special tokens too, [UNK] among them.
    package func decode(_ ids: [Int], skippingSpecialTokens: Bool = true) -> String {
        var pieces: [String] = []
        for id in ids {
            guard let token = token(for: id) else { continue }
            if let added = decoder.added[id] {
                if !(skippingSpecialTokens && added.isSpecial) { pieces.append(added.text) }
            } else {
                pieces.append(token)
            }
        }
        return decoder.text(of: pieces)
    }
}
