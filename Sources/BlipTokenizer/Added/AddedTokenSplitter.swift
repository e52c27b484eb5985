/// Finds added tokens in text, the leftmost first and of those the longest.
struct AddedTokenSplitter: Sendable {
    enum Piece {
        case text(ArraySlice<UInt32>)
        case token(Int)
    }

    private var tables: UnicodeTables { .shared }
    private var trie = ScalarTrie()
    private var tokens: [Int: AddedToken] = [:]

    var isEmpty: Bool { trie.isEmpty }

    /// `form` is how the token looks in the text searched: as it is written, or normalized.
    mutating func add(_ token: AddedToken, form: [UInt32], id: Int) {
        guard !form.isEmpty else { return }
        trie.insert(form, id)
        tokens[id] = token
    }

    func forEachPiece(in scalars: ArraySlice<UInt32>, _ body: (Piece) -> Void) {
        var textStart = scalars.startIndex
        var index = scalars.startIndex
        while !isEmpty, index < scalars.endIndex {
            guard let match = trie.longestMatch(in: scalars, from: index),
                let token = tokens[match.value]
            else {
                index += 1
                continue
            }
            var start = index
            var end = match.end
            index = end
            if token.isSingleWord, touchesWord(scalars, start, end) { continue }
            if token.stripsLeft {
                while start > textStart, isSpace(scalars[start - 1]) { start -= 1 }
            }
            if token.stripsRight {
                while end < scalars.endIndex, isSpace(scalars[end]) { end += 1 }
            }
            if textStart < start { body(.text(scalars[textStart..<start])) }
            body(.token(match.value))
            textStart = end
        }
        if textStart < scalars.endIndex { body(.text(scalars[textStart...])) }
    }

    private func touchesWord(_ scalars: ArraySlice<UInt32>, _ start: Int, _ end: Int) -> Bool {
        start > scalars.startIndex && tables.isWord(scalars[start - 1])
            || end < scalars.endIndex && tables.isWord(scalars[end])
    }

    private func isSpace(_ scalar: UInt32) -> Bool {
        tables.flags(of: scalar).contains(.whitespace)
    }
}
