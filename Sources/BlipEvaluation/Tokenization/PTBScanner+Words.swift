/// Words, and what is joined to one.
extension PTBScanner {
    func word(_ place: Int) -> Match? {
        guard isWord(place) else { return nil }
        let end = wordEnd(place)
        if let split = assimilated(place..<end) { return split }
        if let apostrophized = apostrophized(place..<end) { return apostrophized }
        let candidates = [
            joined(place..<end), dotted(place..<end), exclaimed(place..<end), special(place..<end),
        ]
        let longest = candidates.compactMap(\.self).max() ?? end
        return match(place..<longest)
    }

    /// The end of a run of letters and digits; before the "n't" that may end it.
    func wordEnd(_ place: Int) -> Int {
        let end = self.end(from: place, while: isWord)
        let negates =
            end - place > 1 && self[end - 1]?.lowercase == "n" && isNegationMark(end)
            && self[end + 1]?.lowercase == "t" && !isLetter(end + 2)
        return negates ? end - 1 : end
    }

    /// Also typed as a grave accent, in "n`t" alone.
    func isNegationMark(_ place: Int) -> Bool { isApostrophe(place) || self[place] == "`" }

    /// Whether a word ends here that "n't" follows.
    private func isNegated(_ end: Int) -> Bool {
        isWord(end) && isNegationMark(end + 1)
    }

    /// cannot, gonna and the like are two words.
    private func assimilated(_ range: Range<Int>) -> Match? {
        guard let length = Self.assimilations[string(range).lowercased()],
            !isApostrophe(range.upperBound), joined(range) == range.upperBound
        else { return nil }
        let middle = range.lowerBound + length
        return Match(
            end: range.upperBound,
            tokens: [string(range.lowerBound..<middle), string(middle..<range.upperBound)])
    }

    /// The length of the first word of what are two.
    private static let assimilations = [
        "cannot": 3, "gonna": 3, "gotta": 3, "lemme": 3, "gimme": 3, "wanna": 3,
    ]

    /// O'Neil, o'clock, d'you: an apostrophe inside a word that is no clitic's.
    private func apostrophized(_ range: Range<Int>) -> Match? {
        let end = range.upperBound
        guard isApostrophe(end), !isNegated(end) else { return nil }
        let rest = self.end(from: end + 1, while: isLetter)
        let first = string(range).lowercased()
        let second = rest > end + 1 ? string(end + 1..<rest).lowercased() : ""
        if ["d", "o", "l"].contains(first), !second.isEmpty, clitic(end) == nil {
            return match(range.lowerBound..<rest)
        }
        if Self.apostrophized.contains(first + "'" + second) {
            return match(range.lowerBound..<rest)
        }
        // y'all is two words, of which the first keeps the apostrophe.
        if first == "y" && ["all", "know"].contains(second) || first == "j" && second == "ai"
            || first == "ol" && second.isEmpty
        {
            return match(range.lowerBound..<end + 1)
        }
        return nil
    }

    private static let apostrophized: Set = [
        "c'mon", "e'en", "e'er", "ma'am", "ne'er", "qu'il", "s'mores",
    ]

    /// t-shirt, and/or, snake_case, 3-D: words joined by a mark.
    func joined(_ range: Range<Int>) -> Int {
        var end = range.upperBound
        guard !isNegated(end) else { return end }
        var slashes = 0
        let underscored = self[end] == "_"
        while let mark = self[end] {
            let isJoint = underscored ? mark == "_" : mark == "/" || mark.isPTBHyphen
            // Three numbers are a date; a fourth is not part of it.
            if mark == "/" {
                slashes += 1
                if slashes > 2, isDigit(range.lowerBound) { break }
            }
            guard isJoint, isWord(end + 1) else { break }
            // Of what is joined on, "n't" is not taken off.
            let plain = self.end(from: end + 1, while: isWord)
            end = (mark.isPTBHyphen ? initials(end + 1) : nil) ?? plain
        }
        return end
    }

    /// one.two, Mr.Smith: words, the first with a letter, with periods between them.
    private func dotted(_ range: Range<Int>) -> Int? {
        guard isLetter(range.lowerBound) else { return nil }
        var end = range.upperBound
        while self[end] == ".", isLetter(end + 1) { end = wordEnd(end + 1) }
        guard end > range.upperBound else { return nil }
        // a.m.-p.m., one.two-three.
        if self[end]?.isPTBHyphen == true, isWord(end + 1) {
            return joined(range.lowerBound..<end)
        }
        return end
    }

    /// Two words with one "!" or "?" and no space between them stay together.
    private func exclaimed(_ range: Range<Int>) -> Int? {
        let end = range.upperBound
        let isPlain = range.allSatisfy { self[$0]?.isASCIILetter == true }
        guard isPlain, self[end] == "!" || self[end] == "?", isLetter(end + 1) else { return nil }
        return wordEnd(end + 1)
    }

    /// R&B, C++, C#, US$.
    private func special(_ range: Range<Int>) -> Int? {
        let end = range.upperBound
        let upper = range.allSatisfy { self[$0]?.isASCIIUppercase == true }
        if upper, self[end] == "&", self[end + 1]?.isASCIIUppercase == true {
            return self.end(from: end + 1) { self[$0]?.isASCIIUppercase == true }
        }
        let name = string(range)
        if upper, self[end] == "$", ["US", "A", "C", "HK", "NZ", "S"].contains(name) {
            return end + 1
        }
        if ["c", "C"].contains(name), self[end] == "+", self[end + 1] == "+" { return end + 2 }
        if ["c", "C", "f", "F"].contains(name), self[end] == "#" { return end + 1 }
        return nil
    }
}

extension Unicode.Scalar {
    /// Hyphens that join words.
    var isPTBHyphen: Bool {
        self == "-" || self == "\u{2010}" || self == "\u{2011}" || self == "\u{58A}"
    }
}
