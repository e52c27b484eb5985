/// BERT's text cleaning, as `tokenizers`' BertNormalizer does it: removes control characters, sets
/// Chinese characters apart, strips accents, lowercases, in this order.
struct BertNormalizer: Sendable, Equatable {
    var cleansText = true
    var spacesChineseCharacters = true
    /// `nil` means: if it lowercases.
    var stripsAccents: Bool?
    var lowercases = true

    func normalize(_ scalars: ArraySlice<UInt32>) -> [UInt32] {
        var run = NormalizerRun(normalizer: self, capacity: scalars.count)
        for scalar in scalars { run.take(scalar) }
        run.endCombiningSequence()
        return run.output
    }
}

private struct NormalizerRun {
    private let tables = UnicodeTables.shared
    private let normalizer: BertNormalizer
    private let stripsAccents: Bool
    private(set) var output: [UInt32] = []
    /// What follows a starter, to be sorted by combining class once the next starter is there.
    private var sequence: [UInt32] = []

    private static let space: UInt32 = 0x20

    init(normalizer: BertNormalizer, capacity: Int) {
        self.normalizer = normalizer
        stripsAccents = normalizer.stripsAccents ?? normalizer.lowercases
        output.reserveCapacity(capacity)
    }

    mutating func take(_ scalar: UInt32) {
        let flags = tables.flags(of: scalar)
        if flags.isEmpty || flags == .punctuation {
            if !sequence.isEmpty { endCombiningSequence() }
            output.append(scalar)
            return
        }
        if normalizer.cleansText {
            if flags.contains(.removed) { return }
            if flags.contains(.whitespace) { return start(Self.space) }
        }
        if normalizer.spacesChineseCharacters, flags.contains(.chinese) {
            start(Self.space)
            decompose(scalar, flags)
            start(Self.space)
        } else {
            decompose(scalar, flags)
        }
    }

    mutating func endCombiningSequence() {
        if sequence.count > 1 {
            // Canonical ordering is a stable sort: equals keep their order.
            let keyed = sequence.enumerated().map {
                (tables.combiningClass(of: $0.element), $0.offset, $0.element)
            }
            sequence = keyed.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
        }
        for scalar in sequence { emit(scalar, tables.flags(of: scalar)) }
        sequence.removeAll(keepingCapacity: true)
    }

    private mutating func start(_ scalar: UInt32) {
        if !sequence.isEmpty { endCombiningSequence() }
        output.append(scalar)
    }

    private mutating func decompose(_ scalar: UInt32, _ flags: UnicodeTables.Flags) {
        guard stripsAccents else { return emit(scalar, flags) }
        guard flags.contains(.decomposes) else { return order(scalar, flags) }
        for part in tables.decomposition(of: scalar) { order(part, tables.flags(of: part)) }
    }

    private mutating func order(_ scalar: UInt32, _ flags: UnicodeTables.Flags) {
        if flags.contains(.reorders) {
            // A mark is stripped later anyhow; here it neither ends the sequence nor counts.
            if !flags.contains(.mark) { sequence.append(scalar) }
        } else {
            if !sequence.isEmpty { endCombiningSequence() }
            emit(scalar, flags)
        }
    }

    private mutating func emit(_ scalar: UInt32, _ flags: UnicodeTables.Flags) {
        if stripsAccents, flags.contains(.mark) { return }
        if normalizer.lowercases, flags.contains(.lowercases) {
            output.append(contentsOf: tables.lowercase(of: scalar))
        } else {
            output.append(scalar)
        }
    }
}
