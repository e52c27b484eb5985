/// Makes any text safe for Pango, whose markup is XML and whose strings end at a zero byte.
enum PangoMarkup {
    /// The most characters that one paragraph shows.
    static let longest = 4000

    /// White space collapsed to single spaces, control characters dropped, overlong text cut.
    static func visible(_ text: String) -> String {
        let words = text.split(whereSeparator: \.isWhitespace).map { word in
            String(String.UnicodeScalarView(word.unicodeScalars.filter(isDrawable)))
        }
        let line = words.filter { !$0.isEmpty }.joined(separator: " ")
        return line.count > longest ? line.prefix(longest) + "…" : line
    }

    static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
    }

    private static func isDrawable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .surrogate, .unassigned: false
        default: true
        }
    }
}
