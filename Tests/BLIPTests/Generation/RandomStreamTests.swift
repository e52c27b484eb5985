@testable import BLIP
import Testing

/// Seeds and streams are fixed, so the figures are the same in each run; bounds are five deviations.
@Suite("Random streams of texts have nothing to do with each other")
struct RandomStreamTests {
    /// Some that are close, some that are far, and the generator's own increment.
    private static let seeds: [UInt64] = [
        0, 1, 2, 41, 42, 1 << 63, .max, 0x9E37_79B9_7F4A_7C15, 0x3C6E_F372_FE94_F82A,
    ]

    private func values(_ count: Int, seed: UInt64, stream: UInt64) -> [UInt64] {
        var generator = SplitMix64(seed: seed, stream: stream)
        return (0..<count).map { _ in generator.next() }
    }

    private func uniform(_ count: Int, seed: UInt64, stream: UInt64) -> [Double] {
        values(count, seed: seed, stream: stream).map { Double($0 >> 11) / 0x1p53 - 0.5 }
    }

    /// One that began within another's first values would give most of them again.
    @Test func noneOverlap() {
        var seen: Set<UInt64> = []
        var count = 0
        for seed in Self.seeds {
            for stream in 0..<64 {
                let found = values(500, seed: seed, stream: UInt64(stream))
                count += found.count
                seen.formUnion(found)
            }
        }
        #expect(seen.count == count)
    }

    @Test func noneFollowsAnotherLater() {
        let count = 4_000
        let most = 5 / Double(count).squareRoot()
        let streams =
            (0..<6).map { uniform(count, seed: 7, stream: $0) }
            + Self.seeds.map { uniform(count, seed: $0, stream: 0) }
        for (first, a) in streams.enumerated() {
            for b in streams[(first + 1)...] {
                for lag in 0...6 {
                    for (a, b) in [(a, b.dropFirst(lag)), (b, a.dropFirst(lag))] {
                        let product = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
                        // The variance of a uniform number is a twelfth.
                        #expect(abs(12 * product / Double(count - lag)) < most)
                    }
                }
            }
        }
    }

    /// The same place of neighbouring streams, or of neighbouring seeds, is spread as one stream is.
    @Test(arguments: [0, 1, 9]) func neighboursAreSpread(place: Int) {
        let (count, bins) = (8_192, 64)
        let ofStreams = (0..<count).map { values(place + 1, seed: 3, stream: UInt64($0))[place] }
        let ofSeeds = (0..<count).map { values(place + 1, seed: UInt64($0), stream: 0)[place] }
        for values in [ofStreams, ofSeeds] {
            // The high bits, the low ones, and how they change to the next.
            let changes = zip(values, values.dropFirst()).map { $0 ^ $1 }
            for picked in [
                values.map { $0 >> 58 }, values.map { $0 & 63 }, changes.map { $0 >> 58 },
            ] {
                var counts = [Double](repeating: 0, count: bins)
                for bin in picked { counts[Int(bin)] += 1 }
                let expected = Double(picked.count) / Double(bins)
                let chiSquare = counts.reduce(0) {
                    $0 + ($1 - expected) * ($1 - expected) / expected
                }
                let freedom = Double(bins - 1)
                #expect(abs(chiSquare - freedom) < 5 * (2 * freedom).squareRoot())
            }
        }
    }

    /// Texts of one call, drawn of sixteen tokens that are equally likely.
    @Test func textsAreNotEachOthersShifted() throws {
        let texts = try drawn(texts: 8, prompts: 1)[0]
        for (first, a) in texts.enumerated() {
            for b in texts[(first + 1)...] {
                for lag in 0...10 {
                    for (a, b) in [(a[...], b.dropFirst(lag)), (b[...], a.dropFirst(lag))] {
                        let equal = zip(a, b).count { $0 == $1 }
                        // A sixteenth of them are expected.
                        #expect(equal * 3 < a.count, "lag \(lag)")
                    }
                }
            }
        }
    }

    /// As the documentation of the seed says.
    @Test func textsFollowFromSeedAndIndexAlone() throws {
        let three = try drawn(texts: 3, prompts: 1)[0]
        #expect(try drawn(texts: 3, prompts: 4) == [three, three, three, three])
        #expect(try drawn(texts: 1, prompts: 2) == [[three[0]], [three[0]]])
        #expect(try drawn(texts: 8, prompts: 1)[0].prefix(3) == three[...])
        #expect(try drawn(texts: 3, prompts: 1, seed: 6)[0] != three)
        #expect(
            try drawn(texts: 3, prompts: 1, seed: nil)[0]
                != drawn(texts: 3, prompts: 1, seed: nil)[0])
    }

    private func drawn(texts: Int, prompts: Int, seed: UInt64? = 5) throws -> [[[Int]]] {
        // Only the end, which is token 16, is never drawn.
        let logits = [Float](repeating: 0, count: 16) + [-.infinity]
        var model = TableModel(
            Dictionary(uniqueKeysWithValues: (0..<16).map { ($0, logits) }), size: 17)
        var options = GenerationOptions(maximumLength: 65)
        options.sequenceCount = texts
        options.sampling = .init(topK: 0, seed: seed)
        return try TokenSearch(options: options, endTokenID: 16)
            .run(&model, prompts: [[Int]](repeating: [0], count: prompts))
            .map { $0.map(\.ids) }
    }
}
