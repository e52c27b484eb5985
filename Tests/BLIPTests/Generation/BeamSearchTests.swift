@testable import BLIP
import Foundation
import Testing

@Suite("Several sequences at the same time")
struct BeamSearchTests {
    private let end = 0

    private func model() -> TableModel {
        // 1 looks best at first, but 2 leads to a likelier whole.
        let log = { (values: [Float]) in values.map { Foundation.log($0) } }
        return TableModel(
            [
                9: log([0.0001, 0.5, 0.4, 0.0999]),
                1: log([0.3, 0.25, 0.25, 0.2]),
                2: log([0.9, 0.05, 0.03, 0.02]),
                3: log([0.25, 0.25, 0.25, 0.25]),
            ], size: 4)
    }

    private func run(_ change: (inout GenerationOptions) -> Void) throws -> [GeneratedTokens] {
        var options = GenerationOptions(maximumLength: 6)
        change(&options)
        var model = model()
        return try BeamSearch(options: options, endTokenID: end).run(&model, prompts: [[9]])[0]
    }

    @Test func findsWhatGreedyMisses() throws {
        #expect(try run { $0.beamCount = 2 }.map(\.ids) == [[2]])
    }

    @Test func beamsThatNobodyWantsLeave() throws {
        var options = GenerationOptions(maximumLength: 6, minimumLength: 5)
        options.beamCount = 2
        var alone = model()
        let expected = try BeamSearch(options: options, endTokenID: end)
            .run(&alone, prompts: [[9]])
        var model = model()
        let found = try BeamSearch(options: options, endTokenID: end, isWanted: { $0 == 1 })
            .run(&model, prompts: [[9], [9]])
        #expect(found[1].map(\.ids) == expected[0].map(\.ids))
        // Two prompts, then the beams of one.
        #expect(model.batchSizes == [2] + alone.batchSizes.dropFirst())
    }

    @Test func severalTextsBestFirst() throws {
        let found = try run {
            $0.beamCount = 3
            $0.sequenceCount = 3
        }
        #expect(found.count == 3)
        #expect(Set(found.map(\.ids)).count == 3)
        #expect(found[0].ids == [2])
    }

    @Test func lengthPenaltyFavoursLongerTexts() throws {
        let short = try run {
            $0.beamCount = 3
            $0.lengthPenalty = -2
        }
        let long = try run {
            $0.beamCount = 3
            $0.lengthPenalty = 4
            $0.earlyStopping = .never
        }
        #expect(short[0].ids.count < long[0].ids.count)
    }

    @Test func earlyStoppingTakesWhatIsThere() throws {
        let found = try run {
            $0.beamCount = 2
            $0.sequenceCount = 2
            $0.earlyStopping = .always
        }
        #expect(found.count == 2)
    }

    @Test func promptsAreSearchedTogetherAsAlone() throws {
        var options = GenerationOptions(maximumLength: 7)
        options.beamCount = 3
        options.sequenceCount = 2
        let prompts = [[9], [3], [1]]
        let search = BeamSearch(options: options, endTokenID: end)
        var together = model()
        let found = try search.run(&together, prompts: prompts)
        for (prompt, found) in zip(prompts, found) {
            var alone = model()
            #expect(try search.run(&alone, prompts: [prompt])[0] == found)
        }
    }
}

@Suite("Generation options that make no sense are refused")
struct GenerationOptionsTests {
    @Test(
        arguments: [
            { $0.maximumLength = 1 }, { $0.maximumLength = 513 }, { $0.minimumLength = 22 },
            { $0.beamCount = 0 }, { $0.sequenceCount = 2 }, { $0.repetitionPenalty = 0 },
            { $0.lengthPenalty = .nan }, { $0.noRepeatNGramSize = -1 },
            { $0.sampling = .init(temperature: 0) }, { $0.sampling = .init(topK: -1) },
            { $0.sampling = .init(topP: 0) },
            {
                $0.sampling = .init()
                $0.beamCount = 2
            },
        ] as [@Sendable (inout GenerationOptions) -> Void])
    func refused(_ change: @Sendable (inout GenerationOptions) -> Void) {
        var options = GenerationOptions()
        change(&options)
        #expect(throws: BlipError.self) {
            try options.validate(promptLength: 1, maximumPositions: 512)
        }
    }

    @Test func promptsMustLeaveRoom() throws {
        let options = GenerationOptions(maximumLength: 20)
        try options.validate(promptLength: 19, maximumPositions: 512)
        #expect(throws: BlipError.self) {
            try options.validate(promptLength: 20, maximumPositions: 512)
        }
    }

    /// 20 new tokens, as transformers does, or as many as there are positions for.
    @Test(arguments: [(1, 21), (30, 50), (500, 512)])
    func lengthWithoutOne(prompt: Int, expected: Int) throws {
        let options = GenerationOptions().limited(promptLength: prompt, by: TextConfiguration())
        #expect(options.maximumLength == expected)
        try options.validate(promptLength: prompt, maximumPositions: 512)
    }
}
