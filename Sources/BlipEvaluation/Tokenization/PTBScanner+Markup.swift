/// Addresses, tags and other markup that stays in one piece.
extension PTBScanner {
    /// <b>, &amp;, #tag and @name.
    func markup(_ place: Int) -> Match? {
        switch self[place] {
        case "<": tag(place)
        case "&": entity(place)
        case "#" where self[place + 1]?.isASCIILetter == true:
            match(place..<end(from: place + 1) { self[$0]?.isASCIILetter == true })
        case "@" where self[place + 1]?.isASCIILetter == true || self[place + 1] == "_":
            match(place..<end(from: place + 1) { isPlain($0) || self[$0] == "_" })
        default: nil
        }
    }

    /// Letters and digits of ASCII.
    private func isPlain(_ place: Int) -> Bool {
        self[place]?.isASCIILetter == true || self[place].map { ("0"..."9").contains($0) } == true
    }

    private func tag(_ place: Int) -> Match? {
        let start = self[place + 1] == "/" ? place + 2 : place + 1
        guard self[start]?.isASCIILetter == true else { return nil }
        var end = self.end(from: start) { isPlain($0) }
        // Attributes after a space; spaces inside do not part a tag.
        if self[end]?.isPTBSpace == true {
            end = self.end(from: end) { self[$0] != ">" && self[$0] != "<" }
        } else if self[end] == "/" {
            end += 1
        }
        guard self[end] == ">" else { return nil }
        let body = text[place...end].map { $0.isPTBSpace ? "\u{A0}" : String($0) }
        return Match(end: end + 1, tokens: [body.joined()])
    }

    private static let entities = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "''", "apos": "'", "nbsp": "",
    ]

    private func entity(_ place: Int) -> Match? {
        let start = self[place + 1] == "#" ? place + 2 : place + 1
        let end = self.end(from: start) { isPlain($0) }
        guard end > start, self[end] == ";", start == place + 1 || isDigit(start) else {
            return nil
        }
        let name = string(start..<end)
        if start == place + 1, let character = Self.entities[name.lowercased()] {
            return Match(end: end + 1, tokens: character.isEmpty ? [] : [character])
        }
        return match(place..<end + 1)
    }

    /// http://..., www.... and name@host.
    func address(_ place: Int) -> Match? {
        if has("http://", at: place) || has("https://", at: place)
            || has("www.", at: place) && isWord(place + 4)
        {
            var end = self.end(from: place) { index in
                self[index].map { !$0.isPTBSpace && !"<>\"|(){}".unicodeScalars.contains($0) }
                    ?? false
            }
            while let last = self[end - 1], ".,?!;:".unicodeScalars.contains(last) { end -= 1 }
            return match(place..<end)
        }
        guard isPlain(place) else { return nil }
        if let site = site(place) { return site }
        let at = end(from: place) { isPlain($0) || self[$0] == "." || self[$0] == "_" }
        guard self[at] == "@", isPlain(at + 1) else { return nil }
        var end = self.end(from: at + 1) { isPlain($0) || self[$0] == "." || self[$0] == "-" }
        while self[end - 1] == "." || self[end - 1] == "-" { end -= 1 }
        return match(place..<end)
    }

    /// example.com/page, of the domains that need no www.
    private func site(_ place: Int) -> Match? {
        let host = end(from: place) { isPlain($0) || self[$0] == "." || self[$0] == "-" }
        guard self[host] == "/", isWord(host + 1),
            ["com", "net", "org", "edu"].contains(where: {
                has(".\($0)", at: host - 1 - $0.utf8.count)
            })
        else { return nil }
        var end = self.end(from: host) {
            isPlain($0) || self[$0].map { "/.-_".unicodeScalars.contains($0) } == true
        }
        while let last = self[end - 1], "./-".unicodeScalars.contains(last) { end -= 1 }
        return match(place..<end)
    }
}
