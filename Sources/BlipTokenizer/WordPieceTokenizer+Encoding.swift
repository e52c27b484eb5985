extension WordPieceTokenizer {
    /// The ids of a text.
    ///
    /// A special token that stands in the text as it is written in the vocabulary, "[SEP]" say,
    /// becomes its id, as it does in the reference. Strip such from a stranger's text if it matters.
    ///
    /// The time grows with the length of the text, and with nothing else.
    ///
    /// - Parameters:
    ///   - text: Any text; an empty one gives the special tokens alone.
    ///   - addingSpecialTokens: Puts [CLS] before and [SEP] behind.
    ///   - maximumLength: The most ids to return, special tokens included: the end of the text goes,
    ///     [CLS] and [SEP] stay. They stay below 2 as well, where the reference would cut nothing.
    package func encode(
        _ text: String, addingSpecialTokens: Bool = true, maximumLength: Int? = nil
    ) -> [Int] {
        let (before, after) = addingSpecialTokens ? template : ([], [])
        var ids = before
        splitter.forEachPiece(in: text.scalarValues[...]) { piece in
            switch piece {
            case .token(let id): ids.append(id)
            case .text(let scalars): appendText(scalars, to: &ids)
            }
        }
        if let maximumLength {
            let room = max(maximumLength, before.count + after.count) - after.count
            if ids.count > room { ids.removeSubrange(room...) }
        }
        return ids + after
    }

    private func appendText(_ scalars: ArraySlice<UInt32>, to ids: inout [Int]) {
        let normalized = normalizer.normalize(scalars)
        normalizedSplitter.forEachPiece(in: normalized[...]) { piece in
            switch piece {
            case .token(let id): ids.append(id)
            case .text(let part):
                BertPreTokenizer.forEachWord(in: part) { model.append($0, to: &ids) }
            }
        }
    }
}
