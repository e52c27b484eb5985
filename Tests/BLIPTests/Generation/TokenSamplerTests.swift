@testable import BLIP
import Foundation
import Testing

@Suite("Drawing tokens by their probability")
struct TokenSamplerTests {
    private let scores: [Float] = [1, 0, 2, -1]

    private func frequencies(_ sampling: GenerationOptions.Sampling, draws: Int) -> [Double] {
        var sampler = TokenSampler(sampling, text: 0)
        var counts = [Double](repeating: 0, count: scores.count)
        for _ in 0..<draws { counts[sampler.choose(from: scores)] += 1 }
        return counts.map { $0 / Double(draws) }
    }

    /// The seed is fixed, so the figures are the same each run; the bound is five deviations.
    @Test(arguments: [Float(0.5), 1, 2])
    func temperature(_ temperature: Float) {
        let draws = 20_000
        let expected = logSoftmax(scores.map { $0 / temperature }).map { Double(exp($0)) }
        let found = frequencies(.init(temperature: temperature, topK: 0, seed: 7), draws: draws)
        for (found, expected) in zip(found, expected) {
            #expect(
                abs(found - expected) < 5 * (expected * (1 - expected) / Double(draws)).squareRoot()
            )
        }
    }

    @Test func topKAndTopP() {
        #expect(
            frequencies(.init(topK: 2, seed: 1), draws: 2_000).map { $0 > 0 } == [
                true, false, true, false,
            ])
        #expect(frequencies(.init(topK: 1, seed: 1), draws: 100) == [0, 0, 1, 0])
        // Probabilities are 0.237, 0.087, 0.644, 0.032.
        #expect(frequencies(.init(topK: 0, topP: 0.6, seed: 1), draws: 100) == [0, 0, 1, 0])
        #expect(
            frequencies(.init(topK: 0, topP: 0.7, seed: 1), draws: 2_000).map { $0 > 0 }
                == [true, false, true, false])
    }

    /// Temperatures at the edge of floats, and scores that no softmax can be made of.
    @Test func nothingToDraw() {
        for (scores, temperature) in [
            ([1, 2, 3], Float(1e-38)), ([-Float.infinity, -.infinity], 1), ([Float.nan, .nan], 1),
        ] {
            var sampler = TokenSampler(.init(temperature: temperature, seed: 1), text: 0)
            #expect(scores.indices.contains(sampler.choose(from: scores)))
        }
    }

    /// The smallest temperatures take the likeliest, the greatest any.
    @Test func temperaturesAtTheEdge() {
        for temperature in [.leastNonzeroMagnitude, Float.leastNormalMagnitude / 8, 1e-38, 1e-6] {
            #expect(
                frequencies(.init(temperature: temperature, topK: 0, topP: 0.9, seed: 3), draws: 50)
                    == [0, 0, 1, 0])
        }
        let any = frequencies(
            .init(temperature: .greatestFiniteMagnitude, topK: 0, seed: 3), draws: 4_000)
        #expect(any.allSatisfy { abs($0 - 0.25) < 0.05 })
    }

    @Test func seeds() {
        let draw = { (seed: UInt64, text: Int) in
            var sampler = TokenSampler(.init(topK: 0, seed: seed), text: text)
            return (0..<40).map { _ in sampler.choose(from: [0, 0, 0, 0]) }
        }
        #expect(draw(1, 0) == draw(1, 0))
        #expect(draw(1, 0) != draw(2, 0))
        #expect(draw(1, 0) != draw(1, 1))
    }
}
