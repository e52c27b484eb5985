/// CSV (RFC 4180): values with commas, quotes and line ends in quotes.
package enum SeparatedValues {
    /// A row as a line, without a line end.
    package static func line(_ values: [String]) -> String {
        values.map { value in
            value.contains { $0 == "," || $0 == "\"" || $0.isNewline }
                ? "\"\(value.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
                : value
        }.joined(separator: ",")
    }

    /// The rows of a text; separated by commas, semicolons or tabs, whichever its first line has.
    static func rows(of text: String) -> [[String]] {
        let text = text.first == "\u{FEFF}" ? text.dropFirst() : text[...]
        let header = text.prefix { !$0.isNewline }
        let separator = [Character(","), ";", "\t"].first(where: header.contains) ?? ","
        var rows: [[String]] = []
        var row: [String] = []
        var value = ""
        var isQuoted = false
        var rest = text
        while let character = rest.popFirst() {
            if isQuoted {
                if character != "\"" {
                    value.append(character)
                } else if rest.first == "\"" {
                    value.append("\"")
                    rest = rest.dropFirst()
                } else {
                    isQuoted = false
                }
            } else if character == "\"", value.isEmpty {
                isQuoted = true
            } else if character == separator {
                row.append(value)
                value = ""
            } else if character.isNewline {
                rows.append(row + [value])
                (row, value) = ([], "")
            } else {
                value.append(character)
            }
        }
        if !row.isEmpty || !value.isEmpty { rows.append(row + [value]) }
        return rows.filter { $0 != [""] }
    }
}
