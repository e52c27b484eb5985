/// BERT's tokenizer: text to the ids of a WordPiece vocabulary and back.
///
/// It gives the ids and the text that Hugging Face's `tokenizers` gives (checked with 0.23.3 over
/// all of Unicode). Where the reference's answer depends on how it was called, this type does as
/// transformers' `BertTokenizer` does.
package struct WordPieceTokenizer: Sendable {
    /// Starts every encoded text: [CLS].
    package let clsID: Int
    /// Ends every encoded text: [SEP].
    package let sepID: Int
    /// Fills up the shorter texts of a batch: [PAD].
    package let padID: Int
    /// Stands for a word that the vocabulary cannot spell: [UNK].
    package let unkID: Int

    let normalizer: BertNormalizer
    let model: WordPieceModel
    let decoder: WordPieceDecoder
    /// The special tokens around an encoded text.
    let template: (before: [Int], after: [Int])
    /// Finds the added tokens that are looked for in the text as it came.
    let splitter: AddedTokenSplitter
    /// Finds those that are looked for in the normalized text.
    let normalizedSplitter: AddedTokenSplitter

    private let tokens: [String]
    private let ids: ScalarTrie

    /// A tokenizer for a vocabulary whose token at index i has the id i.
    ///
    /// - Parameters:
    ///   - vocabulary: The tokens; it must have [PAD], [UNK], [CLS] and [SEP], which then are
    ///     special, and so is [MASK] if it is there. Tokens that continue a word start with `##`.
    ///   - lowercases: Upper case counts as lower case, as in BERT uncased.
    ///   - stripsAccents: Letters count without their accents; `nil` means: if it lowercases.
    ///   - spacesChineseCharacters: Every Chinese character is a word.
    ///   - addedTokens: More tokens. Those not in the vocabulary get the ids after it, in order.
    /// - Throws: ``TokenizerError``.
    package init(
        vocabulary: [String], lowercases: Bool = true, stripsAccents: Bool? = nil,
        spacesChineseCharacters: Bool = true, addedTokens: [AddedToken] = []
    ) throws {
        var parts = TokenizerParts(source: "the vocabulary", vocabulary: vocabulary)
        parts.normalizer.lowercases = lowercases
        parts.normalizer.stripsAccents = stripsAccents
        parts.normalizer.spacesChineseCharacters = spacesChineseCharacters
        parts.addDefaultSpecialTokens()
        for token in addedTokens { parts.add(token) }
        try self.init(parts)
    }

    init(_ parts: TokenizerParts) throws {
        let vocabulary = try Vocabulary(parts)
        tokens = vocabulary.tokens
        ids = vocabulary.ids
        clsID = try vocabulary.requiredID(of: parts.names.cls)
        sepID = try vocabulary.requiredID(of: parts.names.sep)
        padID = try vocabulary.requiredID(of: parts.names.pad)
        unkID = try vocabulary.requiredID(of: parts.names.unk, inModel: true)
        normalizer = parts.normalizer
        model = WordPieceModel(
            trie: vocabulary.modelTrie, prefix: parts.prefix, unknownID: unkID,
            maximumWordLength: parts.maximumWordLength)
        template =
            try parts.template.map { template in
                (
                    try template.before.map { try vocabulary.requiredID(of: $0) },
                    try template.after.map { try vocabulary.requiredID(of: $0) }
                )
            } ?? ([clsID], [sepID])

        var splitter = AddedTokenSplitter()
        var normalizedSplitter = AddedTokenSplitter()
        var added: [Int: WordPieceDecoder.Added] = [:]
        for (id, token) in vocabulary.addedTokens {
            var form = token.content.scalarValues
            if token.isNormalized {
                form = normalizer.normalize(form[...])
                normalizedSplitter.add(token, form: form, id: id)
            } else {
                splitter.add(token, form: form, id: id)
            }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: form.compactMap(Unicode.Scalar.init))
            added[id] = WordPieceDecoder.Added(text: String(text), isSpecial: token.isSpecial)
        }
        self.splitter = splitter
        self.normalizedSplitter = normalizedSplitter
        decoder = WordPieceDecoder(
            added: added, prefix: parts.decoderPrefix, cleansPieces: parts.cleansPieces,
            cleansText: parts.cleansText)
    }

    /// How many tokens there are, added ones included: ids are below it.
    package var count: Int { tokens.count }

    /// The id of a token that is written exactly so; `nil` if there is none.
    package func id(of token: String) -> Int? {
        ids[token.scalarValues]
    }

    /// The token of an id; `nil` if there is none.
    package func token(for id: Int) -> String? {
        tokens.indices.contains(id) ? tokens[id] : nil
    }
}
