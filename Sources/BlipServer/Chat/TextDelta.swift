/// What of a growing text can be sent already, piece by piece.
///
/// A text only grows at its end, but for its last words: joining tokens may yet take back the space
/// before a mark or an apostrophe (`do n '` becomes `don't`). Those are held back.
struct TextDelta {
    private var sent = ""

    /// - Parameter text: the whole text so far.
    /// - Returns: what is new and stays; may be empty.
    mutating func grow(to text: String) -> String { send(Self.settled(text)) }

    /// - Parameter text: the whole text, finished.
    mutating func finish(with text: String) -> String { send(text[...]) }

    private mutating func send(_ text: Substring) -> String {
        guard text.hasPrefix(sent) else { return "" }
        let new = String(text.dropFirst(sent.count))
        sent += new
        return new
    }

    /// The text without the words at its end that may still change.
    private static func settled(_ text: String) -> Substring {
        var settled = text[...]
        while let word = settled.split(separator: " ").last, mayChange(word) {
            settled = settled[..<word.startIndex]
            while settled.last == " " { settled.removeLast() }
        }
        return settled
    }

    private static func mayChange(_ word: Substring) -> Bool {
        word == "n" || !word.contains { $0.isLetter || $0.isNumber }
    }
}
