/// Finds tokens from left to right, at each place the longest that a rule gives.
struct PTBScanner {
    /// What a rule found.
    struct Match: Equatable {
        /// Where the next token may begin.
        var end: Int
        /// The tokens, most often one; none for what is passed over.
        var tokens: [String]
    }

    let text: [Unicode.Scalar]

    init(_ caption: String) {
        // A soft hyphen is as if it were not there.
        text = caption.unicodeScalars.filter { $0 != "\u{AD}" }
    }

    mutating func tokens() -> [String] {
        var found: [String] = []
        var place = 0
        while place < text.count {
            let match = longest(at: place)
            found += match.tokens
            place = max(match.end, place + 1)
        }
        return found
    }

    /// Of matches of one length the first rule's holds.
    private func longest(at place: Int) -> Match {
        if text[place].isPTBSpace { return Match(end: place + 1, tokens: []) }
        var best = symbol(at: place)
        for rule in [number, markup, address, emoticon, apostrophe, word, abbreviation, pair] {
            guard let match = rule(place) else { continue }
            if match.end > best.end || (match.end == best.end && !match.tokens.isEmpty) {
                best = match
            }
        }
        return best
    }

    // MARK: - Reading

    /// The character at a place; `nil` past the end.
    subscript(place: Int) -> Unicode.Scalar? {
        text.indices.contains(place) ? text[place] : nil
    }

    func isWord(_ place: Int) -> Bool { self[place]?.isPTBWord ?? false }
    func isLetter(_ place: Int) -> Bool { isWord(place) && !isDigit(place) }
    func isDigit(_ place: Int) -> Bool { self[place]?.isPTBDigit ?? false }
    func isApostrophe(_ place: Int) -> Bool { self[place] == "'" || self[place] == "\u{2019}" }
    func isSpaceOrEnd(_ place: Int) -> Bool { self[place]?.isPTBSpace ?? true }

    /// Where a run of characters ends.
    func end(from place: Int, while holds: (Int) -> Bool) -> Int {
        var end = place
        while end < text.count, holds(end) { end += 1 }
        return end
    }

    func string(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: text[range])
        return String(view)
    }

    func match(_ range: Range<Int>) -> Match {
        Match(end: range.upperBound, tokens: [string(range)])
    }

    /// Whether a text stands at a place, whatever its case; the text is in lower case.
    func has(_ lowercase: String, at place: Int) -> Bool {
        let wanted = Array(lowercase.unicodeScalars)
        guard place >= 0, place + wanted.count <= text.count else { return false }
        return zip(text[place..<place + wanted.count], wanted).allSatisfy { $0.lowercase == $1 }
    }
}

extension Unicode.Scalar {
    var isPTBSpace: Bool { properties.isWhitespace || (0x1C...0x1F).contains(value) }

    var isPTBDigit: Bool { isPTBWord && properties.generalCategory == .decimalNumber }

    /// Letters, digits and marks of the basic plane.
    var isPTBWord: Bool {
        if value < 0x80 { return properties.isAlphabetic || ("0"..."9").contains(self) }
        // Variation selectors are marks, but belong to the emoji that are passed over.
        guard value < 0x10000, !(0xFE00...0xFE0F).contains(value) else { return false }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .nonspacingMark, .spacingMark:
            return true
        default: return false
        }
    }

    var isASCIILetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }
    var isASCIIUppercase: Bool { ("A"..."Z").contains(self) }

    /// Of ASCII letters the small one.
    var lowercase: Unicode.Scalar {
        isASCIIUppercase ? (Unicode.Scalar(value + 0x20) ?? self) : self
    }
}
