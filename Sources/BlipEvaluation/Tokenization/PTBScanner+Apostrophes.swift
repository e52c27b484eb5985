/// What begins with an apostrophe: clitics, and words that have lost their beginning.
extension PTBScanner {
    func apostrophe(_ place: Int) -> Match? {
        if self[place]?.lowercase == "n", isNegationMark(place + 1),
            self[place + 2]?.lowercase == "t", !isLetter(place + 3)
        {
            // n't, once the word before it has been found.
            let mark = self[place + 1] == "`" ? "`" : "'"
            return Match(end: place + 3, tokens: [string(place..<place + 1) + mark + "t"])
        }
        guard isApostrophe(place) else { return nil }
        // Two are a quotation mark.
        if self[place] == "'", self[place + 1] == "'" {
            return Match(end: place + 2, tokens: ["''"])
        }
        return clitic(place) ?? shortened(place) ?? decade(place)
    }

    /// 's, 'll and the like, with a straight apostrophe however it was written.
    func clitic(_ place: Int) -> Match? {
        for clitic in ["ll", "re", "ve", "s", "m", "d"] where has(clitic, at: place + 1) {
            let end = place + 1 + clitic.utf8.count
            if !isLetter(end) { return Match(end: end, tokens: ["'" + string(place + 1..<end)]) }
        }
        return nil
    }

    private func shortened(_ place: Int) -> Match? {
        for word in ["tis", "twas"] where self[place] == "'" && has(word, at: place + 1) {
            let end = place + 1 + word.utf8.count
            if !isWord(end) {
                return Match(
                    end: end, tokens: [string(place..<place + 2), string(place + 2..<end)])
            }
        }
        for word in ["em", "til", "cause"] where has(word, at: place + 1) {
            let end = place + 1 + word.utf8.count
            if !isWord(end) { return match(place..<end) }
        }
        if has("n", at: place + 1) {
            if isApostrophe(place + 2) { return match(place..<place + 3) }
            if isSpaceOrEnd(place + 2) { return match(place..<place + 2) }
        }
        return nil
    }

    /// '90s.
    private func decade(_ place: Int) -> Match? {
        guard isDigit(place + 1), isDigit(place + 2), !isDigit(place + 3) else { return nil }
        guard self[place + 3]?.lowercase == "s" else {
            return isSpaceOrEnd(place + 3) ? match(place..<place + 3) : nil
        }
        return isWord(place + 4) ? nil : match(place..<place + 4)
    }
}
