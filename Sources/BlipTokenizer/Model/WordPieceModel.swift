/// WordPiece: a word is cut into the longest tokens from the left.
///
/// Reference: Wu et al., "Google's Neural Machine Translation System" (2016), section 4.1, with the
/// greedy search of Devlin et al., "BERT" (2018).
struct WordPieceModel: Sendable {
    private let trie: ScalarTrie
    /// Where the tokens that continue a word start; `nil` if the vocabulary has none.
    private let continuation: Int?
    private let unknownID: Int
    private let maximumWordLength: Int

    init(trie: ScalarTrie, prefix: String, unknownID: Int, maximumWordLength: Int) {
        self.trie = trie
        continuation = trie.node(of: prefix.scalarValues)
        self.unknownID = unknownID
        self.maximumWordLength = maximumWordLength
    }

    func append(_ word: ArraySlice<UInt32>, to ids: inout [Int]) {
        guard word.count <= maximumWordLength else { return ids.append(unknownID) }
        let count = ids.count
        var index = word.startIndex
        var node: Int? = ScalarTrie.root
        while index < word.endIndex {
            guard let under = node,
                let match = trie.longestMatch(in: word, from: index, under: under)
            else {
                // One piece that is not there makes the whole word unknown.
                ids.removeSubrange(count...)
                return ids.append(unknownID)
            }
            ids.append(match.value)
            index = match.end
            node = continuation
        }
    }
}
