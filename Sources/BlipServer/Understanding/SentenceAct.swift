/// What one sentence of a prompt asks for.
enum SentenceAct: Sendable, Hashable {
    case description
    case labels
    case json
    /// Asks what there is to see, and for nothing of it: "What's in this image?"
    case wholePicture(String)
    case question(String)
    case impossible(String)
    case greeting
    /// Only points at the picture: "Here is the photo."
    case nothing
    /// How the answer shall be, or what not to do.
    case instruction
    case other

    /// - Parameter isAlone: whether the prompt has no other sentence; then a question needs no mark.
    init(_ sentence: String, isAlone: Bool = false) {
        let text = sentence.lowercased()
        let all = sentence.promptWords
        let words = Self.withoutCourtesy(all)
        let sentence = sentence.droppingWords(all.count - words.count)
        let asks = Self.asks(text, words, isAlone: isAlone)
        if !all.isEmpty, all.count < 4, all.allSatisfy(PromptWords.greetings.contains) {
            self = .greeting
        } else if Self.isWholePicture(text, words) {
            self =
                asks || words.contains(where: PromptWords.whats.contains)
                ? .wholePicture(sentence) : .nothing
        } else if asks, !Self.isPoliteWish(text, words) {
            self = .question(sentence)
        } else if words.first.map(PromptWords.refusing.contains) == true {
            self = .instruction
        } else if words.contains("json") || text.containsAny(PromptWords.jsonMarks) {
            self = .json
        } else if let what = PromptWords.impossible.first(where: { text.contains($0.part) })?.what {
            self = .impossible(what)
        } else {
            self = Self.imperative(text, words)
        }
    }

    /// The earlier of a wish for labels and one for a description.
    private static func imperative(_ text: String, _ words: [String]) -> SentenceAct {
        let label = text.firstOffset(of: PromptWords.labels, words: words)
        let description = text.firstOffset(of: PromptWords.descriptions, words: words)
        if let label, label < description ?? .max { return .labels }
        if description != nil { return .description }
        if let first = words.first, PromptWords.listing.contains(first),
            words.contains(where: PromptWords.things.contains)
        {
            return .labels
        }
        return words.first.map(PromptWords.answering.contains) == true ? .instruction : .other
    }

    private static func asks(_ text: String, _ words: [String], isAlone: Bool) -> Bool {
        if let last = text.last, "?？؟".contains(last) { return true }
        if text.containsAny(PromptWords.asianQuestions) { return true }
        guard let first = words.first else { return false }
        let pair = words.prefix(2).joined(separator: " ")
        return PromptWords.surelyAsking.contains(pair)
            || isAlone && PromptWords.asking.contains(first)
    }

    /// "Can you describe this?" is a question by its form alone.
    private static func isPoliteWish(_ text: String, _ words: [String]) -> Bool {
        guard let first = words.first else { return false }
        let isPolite =
            PromptWords.polite.contains(first) || text.containsAny(PromptWords.asianRequests)
        return isPolite && imperative(text, words).isWish
    }

    private var isWish: Bool { self == .description || self == .labels }

    private static func isWholePicture(_ text: String, _ words: [String]) -> Bool {
        if text.containsAny(PromptWords.asianWholes) { return true }
        return words.allSatisfy { PromptWords.empty.contains($0) || Int($0) != nil }
    }

    /// Without "please" and "could you tell me" at the beginning.
    private static func withoutCourtesy(_ words: [String]) -> [String] {
        var words = words[...]
        while let first = words.first, PromptWords.courtesies.contains(first) {
            words.removeFirst()
        }
        for opening in PromptWords.openings where words.starts(with: opening) {
            return Array(words.dropFirst(opening.count))
        }
        return Array(words)
    }
}

extension String {
    /// The text from a word on, and nothing else of it changed.
    fileprivate func droppingWords(_ count: Int) -> String {
        var rest = self[...]
        for _ in 0..<count {
            rest = rest.drop { !$0.isLetter && !$0.isNumber }.drop { $0.isLetter || $0.isNumber }
        }
        return count == 0 ? self : String(rest.drop { !$0.isLetter && !$0.isNumber })
    }

    /// Where the first of some parts stands: as the beginning of a word, or, in scripts that do not part
    /// words, anywhere.
    fileprivate func firstOffset(of parts: PromptWords.Parts, words: [String]) -> Int? {
        let word = words.firstIndex { ($0 + " ").hasAnyPrefix(parts.stems) }
        if let word { return word }
        return containsAny(parts.anywhere) ? words.count : nil
    }
}
