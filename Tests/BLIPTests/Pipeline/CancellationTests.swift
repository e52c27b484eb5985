@testable import BLIP
import BlipDemoModel
import Dispatch
import Foundation
import BlipPictures
import Synchronization
import Testing

/// Of these texts some tokens are there when their task is cancelled, and many are to come.
@Suite("Cancelling in mid-text")
struct CancellationTests {
    private typealias Progress = @Sendable (PartialText) -> Void

    private let long = GenerationOptions(maximumLength: 30, minimumLength: 30)

    private func model() throws -> BlipModel {
        try BlipModel(folder: DemoModel.folder, options: .init(device: "CPU", precision: .f32))
    }

    private func picture() throws -> Picture {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try Picture(contentsOf: root.appending(path: "Samples/four-dogs.png"))
    }

    @Test func noTokenFollows() async throws {
        let model = try model()
        let image = try await model.encode(picture())
        let long = long
        let expected = try await model.caption(image, options: long).tokenIDs
        #expect(expected.count == 29)
        try await expectNoneFollows { progress in
            _ = try await model.captions(of: [image, image], options: long, progress: progress)
        }
        try await expectNoneFollows { progress in
            var options = long
            options.sampling = .init(seed: 1)
            options.sequenceCount = 2
            _ = try await model.captions(of: [image], options: options, progress: progress)
        }
        try await expectNoneFollows { progress in
            let asked = ["where is the dog?", "how many dogs?"].map { Question($0, about: image) }
            _ = try await model.answers(to: asked, options: long, progress: progress)
        }
        // The model is as good as new, and so is the picture.
        #expect(try await model.caption(image, options: long).tokenIDs == expected)
    }

    /// Cancels from elsewhere once two texts have three tokens each; the model waits for that.
    private func expectNoneFollows(
        _ write: @escaping @Sendable (@escaping Progress) async throws -> Void
    ) async throws {
        let told = Mutex<[Int]>([])
        let wasCancelled = DispatchSemaphore(value: 0)
        let (third, reached) = AsyncStream<Void>.makeStream()
        let task = Task {
            try await write { partial in
                let count = told.withLock {
                    $0.append(partial.tokenIDs.count)
                    return $0.count
                }
                if count == 6 {
                    reached.finish()
                    wasCancelled.wait()
                }
            }
        }
        for await _ in third {}
        task.cancel()
        wasCancelled.signal()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(told.withLock { $0 } == [1, 1, 2, 2, 3, 3])
    }

    /// Whoever waits for the model gets it as soon as the text that was cancelled ends.
    @Test func othersGoOn() async throws {
        let model = try model()
        let image = try await model.encode(picture())
        let long = long
        let expected = try await model.caption(image).tokenIDs
        let other = Mutex<Task<[Int], any Error>?>(nil)
        let task = Task {
            try await model.captions(of: [image], options: long) { partial in
                guard partial.tokenIDs.count == 3 else { return }
                other.withLock { $0 = Task { try await model.caption(image).tokenIDs } }
                withUnsafeCurrentTask { $0?.cancel() }
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await other.withLock { $0 }?.value == expected)
    }

    /// Beams and rankings tell nobody of their steps: the model itself cancels, in its third.
    @Test func searchesThatTellNothing() async throws {
        let logits = [Float](repeating: 0, count: 8) + [-.infinity]
        let table = TableModel(
            Dictionary(uniqueKeysWithValues: (0..<8).map { ($0, logits) }), size: 9)
        var beams = GenerationOptions(maximumLength: 30)
        beams.beamCount = 3
        let searches: [@Sendable (inout CancellingModel) throws -> Void] = [
            { _ = try TokenSearch(options: .init(), endTokenID: 8).run(&$0, prompts: [[0], [1]]) },
            { [beams] in _ = try BeamSearch(options: beams, endTokenID: 8).run(&$0, prompts: [[0]])
            },
            {
                _ = try CandidateRanking().run(
                    &$0, begin: 0, lists: [[[1, 2, 3, 4, 5, 6], [2, 2, 2, 2, 8]]])
            },
        ]
        for search in searches {
            let steps = await Task {
                var model = CancellingModel(table: table, step: 3)
                #expect(throws: CancellationError.self) { try search(&model) }
                return model.table.batchSizes.count
            }.value
            #expect(steps == 3)
        }
    }

    /// Cancels its task while it computes a step's logits.
    private struct CancellingModel: NextTokenModel {
        var table: TableModel
        let step: Int

        mutating func logits(appending tokens: [[Int]]) throws -> [[Float]] {
            let logits = try table.logits(appending: tokens)
            if table.batchSizes.count == step { withUnsafeCurrentTask { $0?.cancel() } }
            return logits
        }

        mutating func keepRows(_ rows: [Int]) throws { try table.keepRows(rows) }
    }
}
