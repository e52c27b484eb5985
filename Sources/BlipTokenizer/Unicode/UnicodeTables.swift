/// The packed tables, made by `Tools/tokenizer-reference/unicode_tables.py`: numbers in base 36.
enum UnicodeData {}

/// What the reference's normalizer and pre-tokenizer know of each Unicode scalar value.
///
/// The standard library's properties would not do: the reference mixes tables of several versions
/// of Unicode, and Swift's version is that of the operating system on some platforms.
struct UnicodeTables: Sendable {
    static let shared = UnicodeTables()

    struct Flags: OptionSet {
        let rawValue: UInt8

        static let removed = Flags(rawValue: 1 << 0)
        static let whitespace = Flags(rawValue: 1 << 1)
        static let mark = Flags(rawValue: 1 << 2)
        static let punctuation = Flags(rawValue: 1 << 3)
        static let chinese = Flags(rawValue: 1 << 4)
        static let decomposes = Flags(rawValue: 1 << 5)
        static let lowercases = Flags(rawValue: 1 << 6)
        /// Its canonical combining class is not 0.
        static let reorders = Flags(rawValue: 1 << 7)
    }

    /// One byte a scalar value: 1.1 MB, and one look-up however rare the script.
    private var flags = [UInt8](repeating: 0, count: 0x11_0000)
    private var decompositions: [UInt32: [UInt32]] = [:]
    private var lowercase: [UInt32: [UInt32]] = [:]
    private var combiningClasses: [UInt32: UInt8] = [:]
    /// The bounds of the runs, in turn the first scalar of one and the first after it.
    private var wordBounds: [UInt32] = []

    private init() {
        for (text, flag): (String, Flags) in [
            (UnicodeData.removed, .removed), (UnicodeData.whitespace, .whitespace),
            (UnicodeData.mark, .mark), (UnicodeData.punctuation, .punctuation),
            (UnicodeData.chinese, .chinese),
        ] {
            var packed = PackedNumbers(text)
            var end: UInt32 = 0
            while let run = packed.run(after: &end) { set(flag, run) }
        }
        set(.decomposes, Hangul.syllables)
        readCombiningClasses()
        readLowercase()
        decompositions = Self.strings(UnicodeData.decompositions)
        for scalar in decompositions.keys { set(.decomposes, scalar..<scalar + 1) }
        var words = PackedNumbers(UnicodeData.word)
        var end: UInt32 = 0
        while let run = words.run(after: &end) { wordBounds += [run.lowerBound, run.upperBound] }
    }

    @inline(__always)
    func flags(of scalar: UInt32) -> Flags {
        Flags(rawValue: flags[Int(scalar)])
    }

    /// The full canonical decomposition of a scalar that has the flag `decomposes`.
    func decomposition(of scalar: UInt32) -> [UInt32] {
        Hangul.syllables.contains(scalar)
            ? Hangul.decomposition(of: scalar) : decompositions[scalar] ?? [scalar]
    }

    /// The lower case, in any context, of a scalar that has the flag `lowercases`.
    func lowercase(of scalar: UInt32) -> [UInt32] {
        lowercase[scalar] ?? [scalar]
    }

    func combiningClass(of scalar: UInt32) -> UInt8 {
        combiningClasses[scalar] ?? 0
    }

    /// Letters, digits and whatever else `\w` means to the reference.
    func isWord(_ scalar: UInt32) -> Bool {
        var bounds = wordBounds[...]
        while !bounds.isEmpty {
            let middle = (bounds.startIndex + bounds.endIndex) / 2
            bounds = bounds[middle] <= scalar ? bounds[(middle + 1)...] : bounds[..<middle]
        }
        return bounds.startIndex % 2 == 1
    }

    private mutating func set(_ flag: Flags, _ scalars: Range<UInt32>) {
        for scalar in scalars { flags[Int(scalar)] |= flag.rawValue }
    }

    private mutating func readCombiningClasses() {
        var packed = PackedNumbers(UnicodeData.combiningClasses)
        while let value = packed.next(), let count = packed.next() {
            var end: UInt32 = 0
            for _ in 0..<count {
                guard let run = packed.run(after: &end) else { return }
                set(.reorders, run)
                for scalar in run { combiningClasses[scalar] = UInt8(truncatingIfNeeded: value) }
            }
        }
    }

    private mutating func readLowercase() {
        lowercase = Self.strings(UnicodeData.longLowercase)
        var packed = PackedNumbers(UnicodeData.lowercase)
        var scalar: UInt32 = 0
        while let gap = packed.next(), let count = packed.next(), let step = packed.next(),
            let zigzag = packed.next()
        {
            let offset = Int64(zigzag >> 1) ^ -Int64(zigzag & 1)
            scalar += gap
            for index in 0..<count {
                if index > 0 { scalar += step }
                lowercase[scalar] = [UInt32(truncatingIfNeeded: Int64(scalar) + offset)]
            }
        }
        for scalar in lowercase.keys { set(.lowercases, scalar..<scalar + 1) }
    }

    private static func strings(_ text: String) -> [UInt32: [UInt32]] {
        var packed = PackedNumbers(text)
        var strings: [UInt32: [UInt32]] = [:]
        var scalar: UInt32 = 0
        while let gap = packed.next(), let count = packed.next() {
            scalar += gap
            strings[scalar] = (0..<count).compactMap { _ in packed.next() }
        }
        return strings
    }
}
