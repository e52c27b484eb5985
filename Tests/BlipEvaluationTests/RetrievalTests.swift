import BlipEvaluation
import Testing

@Suite("Recall of retrieval")
struct RetrievalTests {
    @Test func bothWays() throws {
        // Two pictures with two texts each.
        let recall = try RetrievalRecall(
            similarities: [
                [0.9, 0.1, 0.8, 0.2],
                [0.7, 0.3, 0.6, 0.1],
            ], imageOfText: [0, 0, 1, 1])
        // The first picture finds its text 0 at once, the second its text 2 behind text 0.
        #expect(recall.imageToText == [0.5, 1, 1])
        // Text 0 finds picture 0; texts 1 and 3 and 2 find the other first.
        #expect(recall.textToImage == [0.25, 1, 1])
    }

    @Test func ranksUpToTen() throws {
        let count = 12
        // Picture i has i wrong texts above its own.
        let rows = (0..<count).map { image in
            (0..<count).map { text -> Float in
                if text == image { return 0 }
                let place = text < image ? text : text - 1
                return place < image ? 1 : -1
            }
        }
        let recall = try RetrievalRecall(similarities: rows, imageOfText: Array(0..<count))
        let shares: [Double] = [1, 5, 10].map { $0 / Double(count) }
        #expect(recall.imageToText == shares)
    }

    @Test func whatTellsNothingApartFindsNothing() throws {
        let same = try RetrievalRecall(
            similarities: [[Float]](repeating: [1, 1], count: 2), imageOfText: [0, 1])
        #expect(same.imageToText == [0, 1, 1])
        let none = try RetrievalRecall(
            similarities: [[.nan, 1], [1, .nan]], imageOfText: [0, 1])
        #expect(none.imageToText.first == 0)
    }

    /// What is kept of each text tells the same as all values do.
    @Test func onePictureAfterAnother() throws {
        var seed: UInt32 = 1
        let values = (0..<60).map { _ in
            (0..<120).map { _ -> Float in
                seed = seed &* 1_664_525 &+ 1_013_904_223
                // Few values, so that many are equal.
                return seed >> 24 < 8 ? .nan : Float(seed >> 26)
            }
        }
        let imageOfText = (0..<120).map { $0 / 2 }
        let recall = try RetrievalRecall(
            imageCount: 60, imageOfText: imageOfText,
            row: { .init(imageToText: values[$0], textToImage: values[$0].map { -$0 }) })
        let shares = { (isFound: (Int) -> Bool) in
            Double((0..<120).count(where: isFound)) / 120
        }
        for (rank, share) in zip(RetrievalRecall.ranks, recall.textToImage) {
            let expected = shares { text in
                let own = -values[imageOfText[text]][text]
                let before = values.indices.count {
                    $0 != imageOfText[text] && -values[$0][text] >= own
                }
                return !own.isNaN && before < rank
            }
            #expect(share == expected)
        }
        #expect(
            recall.imageToText
                == (try RetrievalRecall(similarities: values, imageOfText: imageOfText)).imageToText
        )
    }

    @Test func shapesThatDoNotFit() {
        func code(_ rows: [[Float]], _ images: [Int]) -> EvaluationError.Code? {
            do throws(EvaluationError) {
                _ = try RetrievalRecall(similarities: rows, imageOfText: images)
                return nil
            } catch { return error.code }
        }
        #expect(code([], []) == .nothingToScore)
        #expect(code([[1]], [0, 0]) == .wrongShape)
        #expect(code([[1, 2], [1]], [0, 1]) == .wrongShape)
        #expect(code([[1]], [1]) == .wrongShape)
        #expect(code([[1]], [-1]) == .wrongShape)
        #expect(code([[1], [1]], [0]) == .missingReference)
        #expect(code([[1]], [0]) == nil)
    }
}
