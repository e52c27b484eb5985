/// Splits captions into words as the COCO caption evaluation does: the Penn Treebank's rules, lower
/// case, punctuation removed.
///
/// Reference: pycocoevalcap's `PTBTokenizer`, which runs that of Stanford's CoreNLP 3.4.1 (Java). It
/// was rebuilt from what that program prints, not from its source, and agrees with it on ordinary
/// captions; what is known to differ:
///
/// - Telephone numbers with spaces, which there are one token.
/// - Addresses of the web with a path but no "http://" or "www.".
/// - Rare emoticons, dialect (`y'see`) and scripts newer than Unicode 6.
/// - Line separators inside a caption: there they put every later caption in the wrong place.
///
/// Kept as there, although it surprises: brackets are the words "-lrb-", "-rrb-", "-lsb-", "-rsb-",
/// "-lcb-" and "-rcb-"; "?!" and "!!" stay; a fraction such as "1 1/2" is one token with a no-break
/// space inside.
package enum PTBTokenizer {
    /// A caption's words, in lower case, without punctuation.
    package static func tokens(of caption: String) -> [String] {
        var scanner = PTBScanner(caption)
        return scanner.tokens().filter { !punctuation.contains($0) }.map { $0.lowercased() }
            .filter { !$0.isEmpty }
    }

    private static let punctuation: Set = [
        "''", "'", "``", "`", ".", "?", "!", ",", ":", "-", "--", "...", ";",
    ]
}
