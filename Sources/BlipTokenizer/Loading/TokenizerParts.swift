/// What a folder or a caller says of a tokenizer, before it is known to make sense.
struct TokenizerParts {
    struct Names {
        var pad = "[PAD]"
        var unk = "[UNK]"
        var cls = "[CLS]"
        var sep = "[SEP]"
        var mask = "[MASK]"
    }

    /// The file or thing that errors name.
    var source: String
    /// The model's tokens; the index is the id.
    var vocabulary: [String]
    var names = Names()
    /// In the order in which ids are given. The id is what the file says of it, if it does.
    private(set) var addedTokens: [(token: AddedToken, id: Int?)] = []
    var normalizer = BertNormalizer()
    var prefix = "##"
    var maximumWordLength = 100
    /// The special tokens before and after a text; `nil`: [CLS] and [SEP].
    var template: (before: [String], after: [String])?
    var decoderPrefix = "##"
    var cleansPieces = true
    var cleansText = false

    init(source: String, vocabulary: [String]) {
        self.source = source
        self.vocabulary = vocabulary
    }

    mutating func add(_ token: AddedToken, id: Int? = nil) {
        addedTokens.append((token, id))
    }

    /// Does nothing if a token of that content is there.
    mutating func addIfNew(_ token: AddedToken, id: Int? = nil) {
        let content = token.content.scalarValues
        if !addedTokens.contains(where: { $0.token.content.scalarValues == content }) {
            add(token, id: id)
        }
    }

    /// What BERT's tokenizer has for special tokens even if no file says so. Those that the
    /// vocabulary lacks are not made up: a model would have no embedding for them.
    mutating func addDefaultSpecialTokens() {
        let special = [names.unk, names.sep, names.pad, names.cls, names.mask]
        // Strings that are equal may still differ in their scalars, but are few.
        let known = Set(vocabulary.filter(special.contains).map(\.scalarValues))
        for name in special where known.contains(name.scalarValues) {
            addIfNew(AddedToken(name))
        }
    }
}
