/// Joins tokens to text.
struct WordPieceDecoder: Sendable {
    struct Added: Sendable {
        /// The token as the text had it when it was found: normalized, if it was looked for so.
        var text: String
        var isSpecial: Bool
    }

    let added: [Int: Added]
    let prefix: String
    /// Cleans each token with the space before it, as `tokenizers` does.
    let cleansPieces: Bool
    /// Cleans the whole text, as transformers does if `clean_up_tokenization_spaces` says so.
    let cleansText: Bool

    func text(of pieces: [String]) -> String {
        var bytes: [UInt8] = []
        let continuation = Array(prefix.utf8)
        for (index, piece) in pieces.enumerated() {
            var part = Array(piece.utf8)
            if index > 0 {
                if part.starts(with: continuation) {
                    part.removeFirst(continuation.count)
                } else {
                    part.insert(UInt8(ascii: " "), at: 0)
                }
            }
            bytes += cleansPieces ? Self.cleaned(part, Self.pieceRules) : part
        }
        if cleansText { bytes = Self.cleaned(bytes, Self.textRules) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private typealias Rule = (find: [UInt8], replacement: [UInt8])

    private static let textRules: [Rule] = [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
        (" 'm", "'m"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ].map { (Array($0.utf8), Array($1.utf8)) }

    /// `tokenizers` has one more, in seventh place.
    private static let pieceRules: [Rule] = {
        var rules = textRules
        rules.insert((Array(" do not".utf8), Array(" don't".utf8)), at: 7)
        return rules
    }()

    /// Applies the rules one after the other, on bytes: as characters, a mark that follows the full
    /// stop would hide it.
    private static func cleaned(_ bytes: [UInt8], _ rules: [Rule]) -> [UInt8] {
        guard bytes.contains(UInt8(ascii: " ")) else { return bytes }
        return rules.reduce(bytes) { replace($1.find, by: $1.replacement, in: $0) }
    }

    private static func replace(
        _ find: [UInt8], by replacement: [UInt8], in bytes: [UInt8]
    ) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == find.first, bytes[index...].starts(with: find) {
                result += replacement
                index += find.count
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }
}
