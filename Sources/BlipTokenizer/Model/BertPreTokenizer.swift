/// Cuts normalized text into words: at whitespace, which goes, and around each punctuation mark,
/// which is a word of its own.
enum BertPreTokenizer {
    static func forEachWord(in scalars: ArraySlice<UInt32>, _ body: (ArraySlice<UInt32>) -> Void) {
        let tables = UnicodeTables.shared
        var start = scalars.startIndex
        for index in scalars.indices {
            let flags = tables.flags(of: scalars[index])
            guard !flags.isDisjoint(with: [.whitespace, .punctuation]) else { continue }
            if start < index { body(scalars[start..<index]) }
            start = index + 1
            if flags.contains(.punctuation) { body(scalars[index..<start]) }
        }
        if start < scalars.endIndex { body(scalars[start...]) }
    }
}
