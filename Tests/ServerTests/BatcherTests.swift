import BLIP
import Foundation
import Synchronization
import Testing

@testable import BlipServer

@Suite("Batches")
struct BatcherTests {
    /// Waits until it is opened; before that, only one batch gets through to it.
    private actor Gate {
        private var isOpen = false
        private var waiting: [CheckedContinuation<Void, Never>] = []

        func pass() async {
            if isOpen { return }
            await withCheckedContinuation { waiting.append($0) }
        }

        func open() {
            isOpen = true
            for continuation in waiting { continuation.resume() }
            waiting = []
        }
    }

    struct OddInput: Error, Equatable { let value: Int }

    @Test func whatArrivesMeanwhileRunsTogether() async throws {
        let gate = Gate()
        let batches = Mutex<[[Int]]>([])
        let batcher = Batcher<String, Int, Int>(limit: { _ in 4 }) { _, inputs, _, _ in
            batches.withLock { $0.append(inputs) }
            await gate.pass()
            return inputs.map { 2 * $0 }
        }
        try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask { try await batcher.run(0, key: "a") }
            while batches.withLock(\.isEmpty) { await Task.yield() }
            for input in 1...6 {
                group.addTask { try await batcher.run(input, key: input == 6 ? "b" : "a") }
                while await batcher.waitingCount < input { await Task.yield() }
            }
            await gate.open()
            let outputs = try await group.reduce(into: []) { $0.append($1) }
            #expect(outputs.sorted() == [0, 2, 4, 6, 8, 10, 12])
        }
        // Of one key at most four, the first that waits first.
        #expect(batches.withLock { $0 } == [[0], [1, 2, 3, 4], [5], [6]])
    }

    @Test func itWaitsForInputsThatAreBeingMade() async throws {
        let batches = Mutex<[[Int]]>([])
        let expected = Mutex(0)
        let batcher = Batcher<Int, Int, Int>(
            limit: { _ in 4 }, expected: { waiting in expected.withLock { $0 - waiting } },
            maximumDelay: { _ in .seconds(600) }
        ) { _, inputs, _, _ in
            batches.withLock { $0.append(inputs) }
            try await Task.sleep(for: .milliseconds(10))
            return inputs
        }
        #expect(try await batcher.run(0, key: 0) == 0)
        expected.withLock { $0 = 2 }
        async let first = batcher.run(1, key: 0)
        while await batcher.waitingCount < 1 { await Task.yield() }
        // Longer than it waits for what may come.
        try await Task.sleep(for: .milliseconds(50))
        async let second = batcher.run(2, key: 0)
        #expect(try await [first, second] == [1, 2])
        #expect(batches.withLock { $0 } == [[0], [1, 2]])
    }

    @Test func oneAtFaultDoesNotFailTheOthers() async throws {
        let gate = Gate()
        let batcher = Batcher<Int, Int, Int>(limit: { _ in 8 }) { _, inputs, _, _ in
            await gate.pass()
            if let odd = inputs.first(where: { $0 % 2 == 1 }) { throw OddInput(value: odd) }
            return inputs
        }
        async let first = batcher.run(0, key: 0)
        async let even = batcher.run(2, key: 0)
        let odd = Task { try await batcher.run(3, key: 0) }
        async let other = batcher.run(4, key: 0)
        await gate.open()
        #expect(try await first == 0)
        #expect(try await even == 2)
        #expect(try await other == 4)
        let failure: OddInput? = await #expect(throws: OddInput.self) { _ = try await odd.value }
        #expect(failure == OddInput(value: 3))
    }

    @Test func aCancelledOneLeavesTheQueue() async throws {
        let gate = Gate()
        let seen = Mutex<[Int]>([])
        let batcher = Batcher<Int, Int, Int>(limit: { _ in 1 }) { _, inputs, _, _ in
            seen.withLock { $0 += inputs }
            await gate.pass()
            return inputs
        }
        async let first = batcher.run(1, key: 0)
        while seen.withLock(\.isEmpty) { await Task.yield() }
        let second = Task { try await batcher.run(2, key: 0) }
        while await batcher.waitingCount < 1 { await Task.yield() }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        await gate.open()
        #expect(try await first == 1)
        #expect(seen.withLock { $0 } == [1])
    }

    @Test func aCancelledOneThatRunsIsAnsweredAtOnceAndNotWantedAnyMore() async throws {
        let gate = Gate()
        let asked = Mutex<(@Sendable (Int) -> Bool)?>(nil)
        let batcher = Batcher<Int, Int, Int>(
            limit: { _ in 2 }, expected: { 2 - $0 }, maximumDelay: { _ in .seconds(600) }
        ) { _, inputs, _, isWanted in
            asked.withLock { $0 = isWanted }
            await gate.pass()
            return inputs
        }
        let first = Task { try await batcher.run(1, key: 0) }
        while await batcher.waitingCount < 1 { await Task.yield() }
        let second = Task { try await batcher.run(2, key: 0) }
        var isWanted: (@Sendable (Int) -> Bool)?
        while isWanted == nil {
            await Task.yield()
            isWanted = asked.withLock { $0 }
        }
        #expect(isWanted?(0) == true)
        #expect(isWanted?(1) == true)
        first.cancel()
        // Though the batch still runs.
        await #expect(throws: CancellationError.self) { try await first.value }
        #expect(isWanted?(0) == false)
        #expect(isWanted?(1) == true)
        await gate.open()
        #expect(try await second.value == 2)
    }

    @Test func requestsAtTheSameTimeGetWhatLoneOnesGet() async throws {
        try await RunningServer.with { server in
            let ask = { @Sendable (index: Int) in
                let word = ["dogs", "pigs"][index % 2]
                let reply = try await server.post(
                    "/v1/answers?question=how+many+\(word)+are+there%3F",
                    .bytes(index % 2 == 0 ? Sample.dogs : Sample.pigs), type: "image/png")
                return (try reply.json()["answers"] as? [[String: Any]])?.first?["answer"]
                    as? String
            }
            let answers = try await inOrder(Array(0..<24), ask)
            #expect(answers == (0..<24).map { $0 % 2 == 0 ? "4" : "3" })
        }
    }
}

@Suite("Pieces of a growing text")
struct TextDeltaTests {
    @Test(arguments: [
        ["a", "a dog", "a dog.", "a dog. it"],
        ["do", "do n", "do n '", "don't", "don't go"],
        ["man", "man '", "man's", "man's hat"],
        ["sleep", "sleeping"],
        ["t", "t -", "t - shirt"],
        ["'", "' a"],
        ["", "a"],
    ])
    func theyJoinToTheWhole(_ steps: [String]) throws {
        var delta = TextDelta()
        var sent = ""
        for step in steps { sent += delta.grow(to: step) }
        let whole = try #require(steps.last)
        #expect(whole.hasPrefix(sent))
        sent += delta.finish(with: whole)
        #expect(sent == whole)
    }
}
