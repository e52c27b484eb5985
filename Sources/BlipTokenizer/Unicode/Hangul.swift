/// Korean syllables, which decompose by arithmetic (The Unicode Standard, section 3.12).
enum Hangul {
    static let syllables: Range<UInt32> = 0xAC00..<0xD7A4

    static func decomposition(of syllable: UInt32) -> [UInt32] {
        let index = syllable - syllables.lowerBound
        let (vowels, trailing): (UInt32, UInt32) = (21, 28)
        let pair = [
            0x1100 + index / (vowels * trailing),
            0x1161 + index / trailing % vowels,
        ]
        let last = index % trailing
        return last == 0 ? pair : pair + [0x11A7 + last]
    }
}
