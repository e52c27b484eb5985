/// Numbers, and what is said of them.
extension PTBScanner {
    func number(_ place: Int) -> Match? {
        if let fraction = mixedFraction(place) { return fraction }
        var start = place
        if self[place] == "-" || self[place] == "+" { start += 1 }
        guard var end = digits(start) else { return nil }
        // 5.5-inch, once a period or comma has made it more than a word.
        if isDigit(place), self[end]?.isPTBHyphen == true, isWord(end + 1) {
            end = joined(place..<end)
        }
        return match(place..<end)
    }

    /// Digits with periods, commas or colons before or between them.
    private func digits(_ place: Int) -> Int? {
        var end = self.end(from: place, while: isDigit)
        while let mark = self[end], mark == "." || mark == "," || mark == ":", isDigit(end + 1) {
            end = self.end(from: end + 1, while: isDigit)
        }
        return end > place ? end : nil
    }

    /// 1 1/2 is one token, with a space that does not part it.
    private func mixedFraction(_ place: Int) -> Match? {
        let whole = end(from: place, while: isDigit)
        guard (1...4).contains(whole - place), self[whole] == " " || self[whole] == "\u{A0}"
        else { return nil }
        let over = end(from: whole + 1, while: isDigit)
        guard (1...4).contains(over - whole - 1), self[over] == "/" else { return nil }
        let under = end(from: over + 1, while: isDigit)
        guard (1...4).contains(under - over - 1) else { return nil }
        return Match(
            end: under,
            tokens: [string(place..<whole) + "\u{A0}" + string(whole + 1..<under)])
    }
}
