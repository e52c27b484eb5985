/// Numbers for words: the n-grams of numbers are quick to count and compare.
struct WordTable {
    // Keyed by bytes, since two Swift strings are also equal where only their appearance is.
    private var ids: [[UInt8]: Int32] = [:]

    /// The words' numbers; a token with a space inside (a fraction such as "1 1/2") is two words.
    mutating func ids(of tokens: [String]) -> [Int32] {
        tokens.flatMap { $0.unicodeScalars.split { $0.properties.isWhitespace } }.map { word in
            let key = Array(String(word).utf8)
            if let id = ids[key] { return id }
            let id = Int32(ids.count)
            ids[key] = id
            return id
        }
    }
}

/// Up to four words in a row.
struct NGram: Hashable {
    /// The longest that is counted.
    static let maximumOrder = 4

    /// The words' numbers, -1 past the last.
    let words: SIMD4<Int32>
    let order: Int

    init(_ words: ArraySlice<Int32>) {
        var padded = SIMD4<Int32>(repeating: -1)
        for (place, word) in zip(0..<Self.maximumOrder, words) { padded[place] = word }
        self.words = padded
        order = words.count
    }

    /// How often each n-gram of one to four words stands in a text.
    static func counts(in words: [Int32]) -> [NGram: Int] {
        var counts: [NGram: Int] = [:]
        for order in 1...maximumOrder where words.count >= order {
            for start in 0...(words.count - order) {
                counts[NGram(words[start..<start + order]), default: 0] += 1
            }
        }
        return counts
    }
}
