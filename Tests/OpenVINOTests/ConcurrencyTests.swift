import Foundation
import OpenVINO
import Synchronization
import Testing

@Suite struct ConcurrencyTests {
    /// About a second of work.
    private func slowRequest() throws -> InferRequest {
        let size = 512
        let zeros = [Float](repeating: 0, count: size * size)
        let model = try Core.shared.readModel(
            xml: SmallModels.products(size: size, count: 400), weights: weights(zeros))
        let compiled = try Core.shared.compile(
            model, for: "CPU", properties: [.inferencePrecision(.f32), .threads(1)])
        let request = try compiled.makeInferRequest()
        try request.setInput("x", Tensor(zeros, shape: [size, size]))
        return request
    }

    /// Set by one task and awaited by another: no test here waits for a fixed time.
    private final class Flag: Sendable {
        private let isSet = Mutex(false)

        var value: Bool { isSet.withLock { $0 } }
        func set() { isSet.withLock { $0 = true } }

        func wait() async throws {
            while !value { try await Task.sleep(for: .milliseconds(1)) }
        }
    }

    @Test func cancellingTheTaskStopsTheInference() async throws {
        let starts = Flag()
        let task = Task {
            let request = try slowRequest()
            starts.set()
            do {
                try await request.inferAsynchronously()
                Issue.record("it ran to its end")
            } catch is CancellationError {}
            // The request is free again.
            try request.setInput("x", request.input("x"))
        }
        // Not from a task: other tests may keep all threads that tasks share for longer than this
        // inference takes.
        Thread.detachNewThread {
            while !starts.value { usleep(1000) }
            usleep(20_000)
            task.cancel()
        }
        try await task.value
    }

    @Test func aCancelledTaskDoesNotStart() async throws {
        let task = Task {
            let request = try compiledAdd().makeInferRequest()
            withUnsafeCurrentTask { $0?.cancel() }
            await #expect(throws: CancellationError.self) {
                try await request.inferAsynchronously()
            }
        }
        try await task.value
    }

    @Test func cancellingTheRequestStopsTheInference() async throws {
        let request = try slowRequest()
        let canceller = request.canceller
        let ended = Flag()
        Thread.detachNewThread {
            // Again and again, since one that comes before the start does nothing.
            while !ended.value {
                Thread.sleep(forTimeInterval: 0.01)
                canceller.cancel()
            }
        }
        let error = await #expect(throws: OpenVINOError.self) {
            try await request.inferAsynchronously()
        }
        ended.set()
        #expect(error?.code == .inferCancelled)
        // Nothing runs: nothing happens.
        request.cancel()
    }

    /// An actor lets another call in while one is suspended: the request must refuse the second.
    private actor Reentrant {
        // Of its own: no other test delays it.
        private let executor = DedicatedThreadExecutor(name: "reentrant")
        nonisolated var unownedExecutor: UnownedSerialExecutor {
            executor.asUnownedSerialExecutor()
        }

        private let request: InferRequest
        private var isRunning = false

        init(_ request: sending InferRequest) {
            self.request = request
        }

        func run() async -> OpenVINOError.Code? {
            isRunning = true
            do {
                try await request.inferAsynchronously()
                return nil
            } catch {
                return (error as? OpenVINOError)?.code
            }
        }

        /// What a call and a blocking one get while the request runs, and at last the first.
        func runTwice() async -> [OpenVINOError.Code?] {
            let first = Task { await run() }
            while !isRunning { await Task.yield() }
            let busy = [await run(), runBlocking()]
            request.cancel()
            return busy + [await first.value]
        }

        func runBlocking() -> OpenVINOError.Code? {
            do throws(OpenVINOError) {
                try request.infer()
                return nil
            } catch {
                return error.code
            }
        }
    }

    @Test func aBusyRequestRefuses() async throws {
        let expected: [OpenVINOError.Code?] = [.requestBusy, .requestBusy, .inferCancelled]
        var found: [OpenVINOError.Code?] = []
        // Other tests may keep all threads for longer than an inference takes: then the calls did
        // not meet, and are made again.
        for _ in 0..<30 where found != expected {
            found = await Reentrant(try slowRequest()).runTwice()
        }
        #expect(found == expected)
    }

    private actor Worker {
        private let executor = DedicatedThreadExecutor(name: "worker")
        nonisolated var unownedExecutor: UnownedSerialExecutor {
            executor.asUnownedSerialExecutor()
        }

        private var request: InferRequest?
        private var count = 0

        func thread() -> ObjectIdentifier { ObjectIdentifier(Thread.current) }

        func increment() -> Int {
            count += 1
            return count
        }

        func sum(_ value: Float, _ compiled: CompiledModel) async throws -> [Float] {
            let request = try self.request ?? compiled.makeInferRequest()
            self.request = request
            try request.setInput("x", Tensor([value, 0, 0, 0] as [Float], shape: [1, 4]))
            try request.infer()
            return try request.output("sum").array()
        }
    }

    @Test func anActorStaysOnItsThread() async throws {
        let worker = Worker()
        let compiled = try compiledAdd()
        let thread = await worker.thread()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<50 {
                group.addTask {
                    #expect(await worker.thread() == thread)
                    _ = await worker.increment()
                    let sum = try await worker.sum(Float(index), compiled)
                    #expect(sum == [Float(index) + 10, 20, 30, 40])
                }
            }
            try await group.waitForAll()
        }
        #expect(await worker.increment() == 51)
    }

    @Test func executorsComeAndGo() async {
        for _ in 0..<50 {
            let worker = Worker()
            #expect(await worker.increment() == 1)
        }
    }
}
