import Testing

@testable import BlipMeasuring

@Suite("How alike two forms of a model are")
struct AgreementTests {
    @Test func tokensOfTwoTexts() {
        var agreement = TextAgreement()
        agreement.add([1, 2, 3], [1, 2, 3])
        #expect(agreement.texts.value == 1 && agreement.tokens.value == 1)
        // A word more: all others stay.
        agreement.add([1, 2, 3], [9, 1, 2, 3])
        #expect(agreement.texts.equal == 1 && agreement.texts.count == 2)
        #expect(agreement.tokens.equal == 6 && agreement.tokens.count == 7)
        agreement.add([], [5])
        agreement.add([4, 5], [5, 4])
        #expect(agreement.tokens.equal == 7 && agreement.tokens.count == 10)
    }

    @Test func probabilitiesOnBothSidesOfAHalf() {
        var agreement = MatchAgreement()
        agreement.add(0.75, 0.5)
        agreement.add(0.25, 0.5)
        agreement.add(1, 0.625)
        #expect(agreement.sides.equal == 2 && agreement.sides.count == 3)
        #expect(abs(agreement.meanA - 2.0 / 3) < 1e-12 && abs(agreement.meanB - 1.625 / 3) < 1e-12)
        #expect(abs(agreement.meanDifference - 0.875 / 3) < 1e-12)
        #expect(agreement.largestDifference == 0.375)
    }

    @Test func cosines() {
        let range = CosineRange([1, 0, 2, 0, 0, 0], [2, 0, 0, 1, 0, 0], width: 2)
        #expect(range.count == 3)
        #expect(range.lowest == 0)
        #expect(abs(range.mean - 2.0 / 3) < 1e-12)
        #expect(CosineRange([1, 1], [-1, -1], width: 2).lowest == -1)
        #expect(CosineRange([1, 1], [1], width: 2).count == 0)
    }
}
