@testable import BLIP
import BlipDemoModel
import BlipPictures
import Dispatch
import Foundation
import Synchronization
import Testing

@Suite("Single calls share batches")
struct SharedBatchTests {
    private let folder = Record.fixtures.appending(path: "checkpoints/all-tasks")
    private let options = RuntimeOptions(device: "CPU", precision: .f32)

    private func photo(_ name: String) -> URL {
        Record.fixtures.appending(path: "photos/\(name)")
    }

    private struct Refused: Error {}

    /// The inputs of each batch that ran, of calls with a key each.
    private func batches(
        _ calls: [(key: String, input: Int)], limit: Int, startsSmall: Bool = false,
        unwanted: Set<Int> = [], refused: Int? = nil
    ) async throws -> [[Int]] {
        try await BlipModel(folder: folder, options: options).batches(
            calls, limit: limit, startsSmall: startsSmall, unwanted: unwanted
        ) { if $0.contains(where: { $0 == refused }) { throw Refused() } }
    }

    @Test func thoseWhoAskForTheSameRunTogether() async throws {
        let calls = [("a", 1), ("b", 2), ("a", 3), ("a", 4), ("b", 5)]
        #expect(try await batches(calls, limit: 8) == [[1, 3, 4], [2, 5]])
        #expect(try await batches(calls, limit: 2) == [[1, 3], [2, 5], [4]])
        #expect(try await batches(calls, limit: 0) == [[1], [2], [3], [4], [5]])
    }

    @Test func aFewGoFirst() async throws {
        let calls = (0..<24).map { ("a", $0) }
        let counts = try await batches(calls, limit: 8, startsSmall: true).map(\.count)
        #expect(counts == [2, 8, 8, 6])
        #expect(try await batches(calls, limit: 3, startsSmall: true).first == [0])
        #expect(try await batches([("b", 0)], limit: 8, startsSmall: true) == [[0]])
    }

    /// Of pictures that come together those that were encoded are captioned before the next are.
    @Test func captionsComeBetweenPictures() async throws {
        var options = options
        options.batchSize = 8
        let model = try BlipModel(folder: folder, options: options)
        let picture = try model.prepare(Picture(contentsOf: photo("china.jpg")))
        let pictures = [PreparedPicture](repeating: picture, count: 24)
        // Told on the model's thread; the tasks come back from it when the pool lets them.
        let batches = Mutex<[String]>([])
        BlipLog.send { _, line in
            if line.hasPrefix("A batch of ") { batches.withLock { $0.append(line) } }
        }
        defer { BlipLog.send { _, _ in } }
        let expected = [2, 2, 8, 8, 8, 8, 6, 6].map { "A batch of \($0) runs" }
        // The next that come together, too.
        for _ in 0..<2 {
            // A picture that comes back from the pool too late, because others keep it busy, is
            // captioned after the next: then once more.
            for attempt in 0..<5 where attempt == 0 || batches.withLock(\.self) != expected {
                batches.withLock { $0 = [] }
                try await model.caption(together: pictures)
            }
            #expect(batches.withLock(\.self) == expected)
        }
    }

    @Test func whatNobodyWantsIsLeftOut() async throws {
        let calls = [("a", 1), ("b", 2), ("a", 3)]
        #expect(try await batches(calls, limit: 8, unwanted: [1, 2]) == [[3]])
    }

    @Test func oneAtFaultFailsAlone() async throws {
        let calls = [("a", 1), ("a", 2), ("a", 3)]
        #expect(try await batches(calls, limit: 8, refused: 2) == [[1, 2, 3], [1], [2], [3]])
    }

    /// A call of another model's picture among good ones.
    @Test func errorsAreTheCallersOwn() async throws {
        let (model, other) = (
            try BlipModel(folder: folder, options: options),
            try BlipModel(folder: folder, options: options)
        )
        let image = try await model.encode(contentsOf: photo("china.jpg"))
        let foreign = try await other.encode(contentsOf: photo("china.jpg"))
        let expected = try await model.caption(image).tokenIDs
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<12 {
                group.addTask {
                    let result = await Result {
                        try await model.caption(index == 5 ? foreign : image)
                    }
                    #expect((try? result.get())?.tokenIDs == (index == 5 ? nil : expected))
                }
            }
        }
    }

    /// Lists of several lengths, about several pictures.
    @Test func rankingsAsAlone() async throws {
        let model = try BlipModel(folder: folder, options: options)
        let (china, coffee) = (
            try await model.encode(contentsOf: photo("china.jpg")),
            try await model.encode(contentsOf: photo("coffee.png"))
        )
        let asked = [
            ClosedQuestion(question: Question("is it day?", about: china), answers: ["yes", "no"]),
            ClosedQuestion(
                question: Question("what is there to see?", about: coffee),
                answers: ["a cup of coffee on a table", "a house", "dog"]),
            ClosedQuestion(question: Question("is it?", about: coffee), answers: ["no", "yes"]),
            ClosedQuestion(question: Question("what", about: china), answers: ["roof"]),
        ]
        let together = try await model.rank(asked, .transformers)
        #expect(together.count == asked.count)
        for (asked, ranking) in zip(asked, together) {
            let alone = try await model.rank(
                asked.answers, for: asked.question.text, about: asked.question.image)
            let scores = Dictionary(
                uniqueKeysWithValues: alone.answers.map { ($0.answer, $0.logLikelihood) })
            #expect(ranking.answers.count == asked.answers.count)
            for answer in ranking.answers {
                let expected = try #require(scores[answer.answer])
                #expect(abs(answer.logLikelihood - expected) < 1e-3)
            }
        }
        await #expect(throws: BlipError.self) {
            try await model.rank(["yes", ""], for: "is it?", about: china)
        }
    }

    @Test func cancellingInMidText() async throws {
        let model = try BlipModel(folder: DemoModel.folder, options: options)
        let image = try await model.encode(contentsOf: photo("china.jpg"))
        let long = GenerationOptions(maximumLength: 30, minimumLength: 30)
        let expected = try await model.caption(image, options: long).tokenIDs
        let told = Mutex<[Int]>([])
        let wasCancelled = DispatchSemaphore(value: 0)
        let (third, reached) = AsyncStream<Void>.makeStream()
        let task = Task {
            try await model.caption(image, options: long) { partial in
                told.withLock { $0.append(partial.tokenIDs.count) }
                guard partial.tokenIDs.count == 3 else { return }
                reached.finish()
                wasCancelled.wait()
            }
        }
        for await _ in third {}
        task.cancel()
        wasCancelled.signal()
        await #expect(throws: CancellationError.self) { try await task.value }
        // Whoever comes next gets the model after the step that ran.
        #expect(try await model.caption(image, options: long).tokenIDs == expected)
        #expect(told.withLock(\.self) == [1, 2, 3])
    }

    @Test func cancellingWhileItWaits() async throws {
        let model = try BlipModel(folder: folder, options: options)
        let image = try await model.encode(contentsOf: photo("china.jpg"))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await model.caption(image)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await !model.caption(image).tokenIDs.isEmpty)
    }

    @Test func aTextAsItGrows() async throws {
        let model = try BlipModel(folder: folder, options: options)
        let image = try await model.encode(contentsOf: photo("coffee.png"))
        let caption = try await model.caption(image)
        var told: [[Int]] = []
        for try await text in model.captionUpdates(of: image) {
            #expect(text.input == 0)
            told.append(text.tokenIDs)
        }
        #expect(told.last == caption.tokenIDs)
        #expect(told.count > 1)
        var beams = GenerationOptions()
        beams.beamCount = 2
        let answer = try await model.answer("what is it?", about: image, options: beams)
        var answers: [String] = []
        for try await text in model.answerUpdates(
            to: "what is it?", about: image, options: beams)
        { answers.append(text.text) }
        #expect(answers == [answer.text])
        await #expect(throws: BlipError.self) {
            for try await _ in model.answerUpdates(to: "", about: image) {}
        }
    }

    @Test func filesInTheirOrder() async throws {
        let model = try BlipModel(folder: folder, options: options)
        let names = ["astronaut.png", "missing.png", "china.jpg", "rocket.png"]
        let files = (0..<40).map { photo(names[$0 % names.count]) }
        var expected: [URL: [Int]] = [:]
        for name in names where name != "missing.png" {
            expected[photo(name)] = try await model.caption(contentsOf: photo(name)).tokenIDs
        }
        var found: [URL] = []
        for try await caption in model.captions(of: files) {
            found.append(caption.file)
            #expect((try? caption.result.get())?.tokenIDs == expected[caption.file])
            if case .failure(let error) = caption.result {
                #expect((error as? PictureError)?.code == .missingFile)
            }
        }
        #expect(found == files)
        // Whoever stops reading, or is cancelled, leaves nothing running.
        for try await _ in model.captions(of: files) { break }
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            for try await _ in model.captions(of: files) {}
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}

extension BlipModel {
    /// Runs calls that wait together.
    fileprivate func batches(
        _ calls: [(key: String, input: Int)], limit: Int, startsSmall: Bool, unwanted: Set<Int>,
        _ check: @escaping @Sendable ([Int]) throws -> Void
    ) -> [[Int]] {
        let batches = Mutex<[[Int]]>([])
        let queue = BatchQueue<String, Int, Int>(
            limit: { _ in limit }, startsSmall: startsSmall
        ) { _, _, inputs, _, _ in
            batches.withLock { $0.append(inputs) }
            try check(inputs)
            return inputs
        }
        for call in calls {
            let entry = BatchEntry<Int, Int>(call.input, nil)
            if unwanted.contains(call.input) { entry.end(.failure(CancellationError())) }
            queue.append(entry, call.key)
        }
        var isFirst = true
        while queue.runNext(on: self, isFirst: isFirst) { isFirst = false }
        return batches.withLock(\.self)
    }

    /// Captions pictures that are asked for together.
    fileprivate func caption(together pictures: [PreparedPicture]) async throws {
        // Whoever served those before may still be about to see that nothing waits any more;
        // pictures that come until then are not the first.
        while isServingQueues { await Task.yield() }
        let captions = pictures.map { picture in
            // On the model's thread, one after another.
            Task { _ = try await caption(picture) }
        }
        for caption in captions { try await caption.value }
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
