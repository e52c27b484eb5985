/// vocab.txt: a token a line, the first with the id 0.
enum VocabularyFile {
    static func tokens(_ bytes: [UInt8], path: String) throws -> [String] {
        guard var text = String(validating: bytes, as: UTF8.self) else {
            throw TokenizerError(
                code: .malformedFile,
                message: "\(path) is not UTF-8 text; download it again.")
        }
        // An editor's byte order mark would else be a part of [PAD].
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { line in
            // Whitespace at the end does not count, the \r of Windows among it.
            var line = line
            while let last = line.last, isWhitespace(last) { line.removeLast() }
            return String(line)
        }
    }

    private static func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
        UnicodeTables.shared.flags(of: scalar.value).contains(.whitespace)
    }
}
