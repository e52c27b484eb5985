import BlipCommandSupport
import BlipEvaluation
import BlipPictures
import Foundation
import Testing

@testable import BlipMeasuring

@Suite("Retrieval keeps no matrix")
struct RetrievalMatrixTests {
    /// Values in a fixed order that looks like none.
    private struct Noise {
        private var state: UInt32 = 7

        mutating func next() -> Float {
            state = state &* 1_664_525 &+ 1_013_904_223
            return Float(state >> 16) / 65_536
        }

        mutating func vectors(_ count: Int, _ width: Int) -> [[Float]] {
            (0..<count).map { _ in (0..<width).map { _ in next() - 0.5 } }
        }
    }

    private static func pictures(_ count: Int, texts: Int) -> [CaptionedPicture] {
        (0..<count).map { picture in
            CaptionedPicture(
                id: DataSetID("\(picture)"), input: ImageInput(file: RawPath("\(picture)")),
                captions: (0..<texts).map { "\(picture) \($0)" })
        }
    }

    /// The same as with both matrices, before and after the first are ordered anew.
    @Test func itScoresAsMatricesDo() throws {
        var noise = Noise()
        let pictures = Self.pictures(30, texts: 2)
        let (images, texts) = (noise.vectors(30, 4), noise.vectors(60, 4))
        var retrieval = try Retrieval(pictures: pictures, vectors: images, texts: texts)
        let cosines = images.map { image in
            texts.map { zip(image, $0).reduce(0) { $0 + $1.0 * $1.1 } }
        }
        let imageOfText = (0..<60).map { $0 / 2 }
        #expect(
            try retrieval.recall()
                == RetrievalRecall(similarities: cosines, imageOfText: imageOfText))

        let first = { (values: [Float]) in
            values.indices.sorted { values[$0] > values[$1] }.prefix(5)
        }
        let names = pictures.flatMap(\.captions)
        let byImage = cosines.map { Set(first($0)) }
        let byText = texts.indices.map { text in Set(first(cosines.map { $0[text] })) }
        let candidates = retrieval.candidates(5)
        for image in 0..<30 {
            let wanted = texts.indices.filter {
                byImage[image].contains($0) || byText[$0].contains(image)
            }
            #expect(candidates[image] == wanted.map { names[$0] })
        }
        let records = zip(pictures, candidates).map { picture, texts in
            RetrievalRecord(
                imageID: picture.id,
                matches: texts.map { .init(text: $0, probability: noise.next()) })
        }
        retrieval.rerank(with: records, first: 5)
        func score(_ image: Int, _ text: Int, _ isFirst: Bool) -> Float {
            guard isFirst,
                let match = records[image].matches?.first(where: { $0.text == names[text] })
            else { return cosines[image][text] - 100 }
            return log(match.probability) - log(1 - match.probability) + cosines[image][text]
        }
        let recall = try RetrievalRecall(imageCount: 30, imageOfText: imageOfText) { image in
            .init(
                imageToText: texts.indices.map { score(image, $0, byImage[image].contains($0)) },
                textToImage: texts.indices.map { score(image, $0, byText[$0].contains(image)) })
        }
        #expect(try retrieval.recall() == recall)
        let found = retrieval.found()
        #expect(Double(found.count { $0.rank == 0 }) / 30 == recall.imageToText[0])
    }

    /// A matrix of these would be 16 MB, and a second one as much again. In a process of its own, since the
    /// memory of a process is measured.
    @Test func memoryGrowsWithTextsAlone() async throws {
        await #expect(processExitsWith: .success) {
            var noise = Noise()
            let retrieval = try Retrieval(
                pictures: RetrievalMatrixTests.pictures(200, texts: 100),
                vectors: noise.vectors(200, 1), texts: noise.vectors(20_000, 1))
            let before = Memory.resident
            let watch = Task.detached {
                var most = 0.0
                while !Task.isCancelled {
                    most = max(most, Memory.resident)
                    try? await Task.sleep(for: .milliseconds(5))
                }
                return most
            }
            let recall = try retrieval.recall()
            watch.cancel()
            let most = await watch.value
            #expect(recall.textToImage.count == 3)
            #expect(most > 0)
            #expect(most - before < 12)
        }
    }
}
