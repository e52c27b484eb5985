import BlipEvaluation
import Testing

/// The code of Evaluation.docc, as it is printed there.
@Suite struct DocumentationTests {
    @Test func theOverviewsExampleRuns() throws {
        let captions = try CaptionScores(of: [
            CaptionCase(
                candidate: "a man riding a motorcycle",
                references: ["A man riding on the back of a motorcycle.", "Man on a motor bike."]),
            CaptionCase(
                candidate: "two dogs on a beach", references: ["Two dogs run on the beach."]),
        ])
        let accuracy = VQAAccuracy.accuracy(of: "two", answers: ["2", "2", "two", "3"])
        let recall = try RetrievalRecall(
            similarities: [[0.9, 0.2], [0.3, 0.4]], imageOfText: [0, 1])

        #expect(captions.cider > 0)
        #expect(abs(accuracy - 0.75) < 1e-12)
        #expect(recall.imageToText == [1, 1, 1])
    }
}
