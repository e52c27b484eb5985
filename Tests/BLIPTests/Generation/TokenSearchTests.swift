@testable import BLIP
import Foundation
import Testing

@Suite("One token after another")
struct TokenSearchTests {
    private let end = 3
    /// 1 leads to 2 or to 4, 2 to the end, 4 to itself.
    private let table: [Int: [Float]] = [
        0: [0, 2, 0, 0, 1],
        1: [0, 0, 2, 0, 1],
        2: [0, 0, 0, 5, 1],
        4: [0, 0, 0, 1, 3],
    ]

    @Test func likeliestUntilTheEnd() throws {
        var model = TableModel(table, size: 5)
        let found = try TokenSearch(options: .init(), endTokenID: end).run(&model, prompts: [[0]])
        #expect(found.flatMap(\.self).map(\.ids) == [[1, 2]])
        let expected = [table[0], table[1], table[2]].enumerated().map { step, row in
            logSoftmax(row ?? [])[[1, 2, 3][step]]
        }
        let score = try #require(found[0][0].score)
        #expect(abs(score - expected.reduce(0, +) / 3) < 1e-6)
    }

    @Test func finishedRowsLeave() throws {
        var model = TableModel(table, size: 5)
        let found = try TokenSearch(options: .init(maximumLength: 6), endTokenID: end)
            .run(&model, prompts: [[2], [4], [1]])
        #expect(found.flatMap(\.self).map(\.ids) == [[], [4, 4, 4, 4, 4], [2]])
        #expect(model.batchSizes == [3, 2, 1, 1, 1])
    }

    @Test func rowsThatNobodyWantsLeave() throws {
        var model = TableModel(table, size: 5)
        var search = TokenSearch(options: .init(maximumLength: 6), endTokenID: end)
        var asked = 0
        search.isWanted = { prompt in
            asked += 1
            return prompt == 1 || asked < 3
        }
        let found = try search.run(&model, prompts: [[4], [4]])
        #expect(found[1].map(\.ids) == [[4, 4, 4, 4, 4]])
        // The first left in the second step, and what ran beside it went on as before.
        #expect(model.batchSizes == [2, 2, 1, 1, 1])
        var other = TableModel(table, size: 5)
        search.isWanted = { _ in false }
        _ = try search.run(&other, prompts: [[4], [4]])
        #expect(other.batchSizes == [2])
    }

    @Test func lengths() throws {
        var model = TableModel(table, size: 5)
        let options = GenerationOptions(maximumLength: 5, minimumLength: 4)
        let found = try TokenSearch(options: options, endTokenID: end).run(&model, prompts: [[0]])
        #expect(found.flatMap(\.self).map(\.ids) == [[1, 2, 4, 4]])
        var other = TableModel(table, size: 5)
        let short = try TokenSearch(options: .init(maximumLength: 2), endTokenID: end)
            .run(&other, prompts: [[0]])
        #expect(short.flatMap(\.self).map(\.ids) == [[1]])
    }

    @Test func penalties() throws {
        var options = GenerationOptions(maximumLength: 6)
        options.noRepeatNGramSize = 1
        var model = TableModel(table, size: 5)
        let found = try TokenSearch(options: options, endTokenID: end).run(&model, prompts: [[4]])
        #expect(
            found.flatMap(\.self).map(\.ids) == [[]], "4 may not stand twice, so the end is next")

        var scores: [Float] = [2, -2, 1]
        var penalty = GenerationOptions()
        penalty.repetitionPenalty = 2
        LogitsProcessor(penalty, endTokenID: 0).apply(to: &scores, after: [0, 1, 1, 7])
        #expect(scores == [1, -4, 1])
    }
}
