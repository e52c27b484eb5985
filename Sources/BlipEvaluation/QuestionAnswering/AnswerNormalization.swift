/// The form in which VQA answers are compared: without punctuation and articles, number words as
/// digits, contractions with their apostrophe.
///
/// The rules are those that visualqa.org publishes with its evaluation (Antol et al., 2015;
/// Goyal et al., 2017).
package enum AnswerNormalization {
    /// An answer's form for comparison.
    package static func normalized(_ answer: String) -> String {
        withoutArticles(withoutPunctuation(trimmed(answer)))
    }

    /// Without white space around, and with spaces for tabs and line ends inside.
    static func trimmed(_ answer: String) -> String {
        let spaced = answer.unicodeScalars.map { $0 == "\n" || $0 == "\t" ? " " : $0 }
        let body = spaced.drop { isSpace($0) }
        let end = body.lastIndex { !isSpace($0) }
        guard let end else { return "" }
        return string(body[...end])
    }

    /// A mark vanishes where it stands beside a space anywhere in the answer, and, wherever a comma
    /// stands between digits, all do; else it becomes a space. Of the periods those vanish that no
    /// digit follows, as many as the published program removes.
    static func withoutPunctuation(_ answer: String) -> String {
        let original = Array(answer.unicodeScalars)
        let hasDigitComma = original.indices.dropFirst().dropLast().contains {
            original[$0] == "," && isDigit(original[$0 - 1]) && isDigit(original[$0 + 1])
        }
        var besideSpace: Set<Unicode.Scalar> = []
        for (first, second) in zip(original, original.dropFirst()) {
            if second == " " { besideSpace.insert(first) }
            if first == " " { besideSpace.insert(second) }
        }
        var result: [Unicode.Scalar] = []
        for scalar in original {
            guard marks.contains(scalar) else {
                result.append(scalar)
                continue
            }
            if !hasDigitComma, !besideSpace.contains(scalar) { result.append(" ") }
        }
        return string(withoutPeriods(result))
    }

    private static func withoutPeriods(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var left = mostPeriods
        return scalars.indices.compactMap { index in
            let next = index + 1 < scalars.count ? scalars[index + 1] : nil
            guard scalars[index] == ".", left > 0, next.map(isDigit) != true else {
                return scalars[index]
            }
            left -= 1
            return nil
        }
    }

    /// In lower case, number words as digits, articles left out, contractions mended.
    static func withoutArticles(_ answer: String) -> String {
        answer.lowercased().unicodeScalars.split(whereSeparator: isSpace).map { String($0) }
            .map { numbers[$0] ?? $0 }
            .filter { !articles.contains($0) }
            .map { contractions[$0] ?? $0 }
            .joined(separator: " ")
    }

    private static let marks = Set(";/[]\"{}()=+\\_-><@`,?!".unicodeScalars)
    private static let articles: Set = ["a", "an", "the"]
    private static let numbers = [
        "none": "0", "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
        "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
    ]
    /// The published program hands a flag of 32 to a parameter that counts replacements.
    private static let mostPeriods = 32

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .decimalNumber
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        // Python also takes the four separators of ASCII for white space.
        scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
    }

    private static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
