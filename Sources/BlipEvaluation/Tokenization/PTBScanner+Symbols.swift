/// Punctuation and other marks.
extension PTBScanner {
    /// A character alone, which always matches.
    func symbol(at place: Int) -> Match {
        let scalar = text[place]
        if let name = Self.names[scalar] { return Match(end: place + 1, tokens: [name]) }
        if Self.runs.contains(scalar) {
            let end = self.end(from: place) { self[$0] == scalar }
            let longest = scalar == "*" ? min(end, place + 3) : end
            return match(place..<longest)
        }
        if scalar == "?" || scalar == "!" {
            return match(place..<end(from: place) { self[$0] == "?" || self[$0] == "!" })
        }
        if scalar.isPTBHyphen || scalar == "." {
            // Two or more are a dash or an ellipsis, which do not stay; five hyphens are a line.
            let end = self.end(from: place) { self[$0] == scalar }
            return scalar == "-" && end - place > 4
                ? match(place..<end) : Match(end: end, tokens: [])
        }
        return Match(end: place + 1, tokens: scalar.isPTBSymbol ? [string(place..<place + 1)] : [])
    }

    /// << and >>.
    func pair(_ place: Int) -> Match? {
        let isPair = self[place] == self[place + 1] && (self[place] == "<" || self[place] == ">")
        return isPair ? match(place..<place + 2) : nil
    }

    /// :-) and its like; brackets inside have their names.
    func emoticon(_ place: Int) -> Match? {
        if self[place] == "^", self[place + 1] == "_", self[place + 2] == "^" {
            return match(place..<place + 3)
        }
        guard let eyes = self[place], eyes == ":" || eyes == ";" || eyes == "=" else { return nil }
        let hasNose = self[place + 1].map { "-'o*".unicodeScalars.contains($0) } ?? false
        for mouth in hasNose ? [place + 2, place + 1] : [place + 1] {
            // An equals sign and a bracket or number are more often arithmetic.
            let mouths = eyes == "=" ? ")[]DP" : "()[]DPpdO3|@{"
            guard let scalar = self[mouth], mouths.unicodeScalars.contains(scalar),
                !(isWord(mouth) && isWord(mouth + 1))
            else { continue }
            let tokens = string(place..<mouth + 1).replacing("(", with: Self.names["("] ?? "")
                .replacing(")", with: Self.names[")"] ?? "")
            return Match(end: mouth + 1, tokens: [tokens])
        }
        return nil
    }

    /// Runs of these are one token.
    private static let runs: Set<Unicode.Scalar> = ["*", "#", "_"]

    private static let names: [Unicode.Scalar: String] = [
        "(": "-lrb-", ")": "-rrb-", "[": "-lsb-", "]": "-rsb-", "{": "-lcb-", "}": "-rcb-",
        "\"": "''", "`": "`", "'": "'", "\u{91}": "`", "\u{92}": "'", "\u{93}": "``",
        "\u{94}": "''", "\u{96}": "--", "\u{97}": "--",
        "\u{2018}": "`", "\u{2019}": "'", "\u{201B}": "`", "\u{201C}": "``", "\u{201D}": "''",
        "«": "``", "»": "''", "\u{2039}": "`", "\u{203A}": "'",
        "\u{2013}": "--", "\u{2014}": "--", "\u{2015}": "--", "\u{2026}": "...",
        "½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3",
        "€": "$", "\u{20A0}": "$", "¤": "$", "£": "#", "¢": "cents", "\u{80}": "$",
    ]
}

extension Unicode.Scalar {
    /// Marks of the basic plane that stay; others, such as most emoji, are passed over.
    var isPTBSymbol: Bool {
        switch value {
        case 0x21...0x7E, 0xA1...0xFF, 0x2C2...0x2FF, 0x375...0x37E, 0x384...0x387: true
        case 0x2010...0x2012, 0x2024...0x2025, 0x2027, 0x203C...0x203D: false
        case 0x2016...0x2023, 0x2030...0x2044, 0x2070...0x208E, 0x20A4: true
        case 0x2100...0x214F, 0x2153...0x215E, 0x2190...0x2BFF: true
        case 0x3001...0x3002, 0xFF01...0xFF65: true
        default: false
        }
    }
}
