/// The tokens of the model and the added ones with their ids, checked: every id below `count` has
/// one token, and every token one id.
struct Vocabulary {
    private(set) var tokens: [String]
    /// The model's tokens alone: no word can become an added token.
    let modelTrie: ScalarTrie
    /// The ids of all tokens.
    private(set) var ids: ScalarTrie
    private(set) var addedTokens: [Int: AddedToken] = [:]
    private let source: String

    init(_ parts: TokenizerParts) throws {
        source = parts.source
        guard parts.vocabulary.contains(where: { !$0.isEmpty }) else {
            throw TokenizerError(
                code: .invalidVocabulary,
                message: "\(source) holds no tokens; download the checkpoint's files again.")
        }
        var trie = ScalarTrie(minimumCapacity: parts.vocabulary.count * 2)
        for (id, token) in parts.vocabulary.enumerated() {
            if let first = trie.insert(token.scalarValues, id) {
                throw TokenizerError(
                    code: .invalidVocabulary,
                    message: "\(source) has the token \"\(token)\" twice, as ids \(first) and "
                        + "\(id); download the checkpoint's files again.")
            }
        }
        tokens = parts.vocabulary
        modelTrie = trie
        ids = trie
        for (token, id) in parts.addedTokens where !token.content.isEmpty {
            try add(token, expected: id)
        }
    }

    private mutating func add(_ token: AddedToken, expected: Int?) throws {
        let content = token.content.scalarValues
        let id = ids[content] ?? tokens.count
        if let expected, expected != id {
            throw TokenizerError(
                code: .invalidVocabulary,
                message: "\(source) gives the added token \"\(token.content)\" the id "
                    + "\(expected), but its place is \(id); download the checkpoint's files again.")
        }
        if id == tokens.count {
            tokens.append(token.content)
            ids.insert(content, id)
        }
        addedTokens[id] = token
    }

    /// - Parameter inModel: An added token does not do.
    func requiredID(of name: String, inModel: Bool = false) throws -> Int {
        guard let id = (inModel ? modelTrie : ids)[name.scalarValues] else {
            throw TokenizerError(
                code: .missingSpecialToken,
                message: "\(source) lacks the special token \"\(name)\"; take the files of a BERT "
                    + "uncased tokenizer.")
        }
        return id
    }
}
