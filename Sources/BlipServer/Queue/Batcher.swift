import BLIP
import Synchronization

/// Dynamic batching: gathers what requests in flight want of the model, so that it runs as few batches.
///
/// An idle batcher runs what it is given at once, unless more is known to come: a lone request is as
/// quick as without it. What arrives while a batch runs forms the next one. Where a batch had several
/// inputs, the next waits a moment for as many: clients that were answered together ask again together,
/// and the first of them must not go alone.
actor Batcher<Key: Hashable & Sendable, Input: Sendable, Output: Sendable> {
    /// Told of the texts of one input as they grow.
    typealias Progress = @Sendable (PartialText) -> Void
    /// Whether an input of a batch is still wanted, by its index.
    typealias IsWanted = @Sendable (Int) -> Bool
    /// Runs one batch; without progress where nobody listens to it.
    typealias Work =
        @Sendable (Key, [Input], Progress?, @escaping IsWanted) async throws -> [Output]

    private final class Job: Sendable {
        let key: Key
        let input: Input
        let progress: Progress?
        let start = ContinuousClock.now
        private let continuation: Mutex<CheckedContinuation<Output, any Error>?>

        init(
            _ key: Key, _ input: Input, _ progress: Progress?,
            _ continuation: CheckedContinuation<Output, any Error>
        ) {
            self.key = key
            self.input = input
            self.progress = progress
            self.continuation = Mutex(continuation)
        }

        /// Whether somebody still waits for it.
        var isWanted: Bool { continuation.withLock { $0 != nil } }

        /// Gives whoever waits what became of it; only the first time.
        func end(_ result: Result<Output, any Error>) {
            continuation.withLock { continuation in
                defer { continuation = nil }
                return continuation
            }?.resume(with: result)
        }
    }

    private struct PreviousBatch {
        let count: Int
        let duration: Duration
        let end: ContinuousClock.Instant
    }

    private let limit: @Sendable (Key) -> Int
    private let upstreamBatch: (@Sendable () async -> Void)?
    private let maximumDelay: @Sendable (Duration) -> Duration
    private let expected: @Sendable (Int) -> Int
    private let observeWait: @Sendable (Duration) -> Void
    private let work: Work
    private var waiting: [Job] = []
    private var jobs: [Int: Job] = [:]
    private var lastID = 0
    /// Whether a task takes batches from the queue.
    private var isScheduled = false
    private var isBatchRunning = false
    private var previous: PreviousBatch?
    private var endObservers: [CheckedContinuation<Void, Never>] = []

    /// - Parameters:
    ///   - limit: the most inputs of one batch.
    ///   - upstreamBatch: returns when the batch whose outputs become inputs here has ended.
    ///   - expected: how many inputs are being made, given how many wait.
    ///   - maximumDelay: how long to wait for what is expected, by what the batch before took: half of
    ///     it, which a shared batch saves.
    ///   - observeWait: told how long each input waited for its batch.
    ///   - work: gives one output an input, in their order.
    init(
        limit: @escaping @Sendable (Key) -> Int, upstreamBatch: (@Sendable () async -> Void)? = nil,
        expected: @escaping @Sendable (Int) -> Int = { _ in 0 },
        maximumDelay: @escaping @Sendable (Duration) -> Duration = {
            max(.milliseconds(25), min($0 / 2, .milliseconds(250)))
        },
        observeWait: @escaping @Sendable (Duration) -> Void = { _ in },
        work: @escaping Work
    ) {
        self.limit = limit
        self.upstreamBatch = upstreamBatch
        self.expected = expected
        self.maximumDelay = maximumDelay
        self.observeWait = observeWait
        self.work = work
    }

    /// Runs an input, together with others of an equal key.
    ///
    /// - Throws: what the work throws of this input, and `CancellationError` as soon as the task is
    ///   cancelled: an input that waits leaves the queue, one that runs is no longer wanted.
    func run(_ input: Input, key: Key, progress: Progress? = nil) async throws -> Output {
        try Task.checkCancellation()
        lastID += 1
        let id = lastID
        defer { jobs[id] = nil }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let job = Job(key, input, progress, continuation)
                jobs[id] = job
                waiting.append(job)
                if !isScheduled {
                    isScheduled = true
                    Task { await runWaiting() }
                }
            }
        } onCancel: {
            Task { await self.cancel(id) }
        }
    }

    /// Inputs that wait for the batch that runs.
    var waitingCount: Int { waiting.count }

    /// Returns when the batch that runs has ended, at once where none does.
    func batchEnd() async {
        guard isBatchRunning else { return }
        await withCheckedContinuation { endObservers.append($0) }
    }

    private func cancel(_ id: Int) {
        guard let job = jobs[id] else { return }
        waiting.removeAll { $0 === job }
        job.end(.failure(CancellationError()))
    }

    private func runWaiting() async {
        while let next = waiting.first {
            await gather(next.key)
            guard let first = waiting.first else { break }
            let limit = max(1, limit(first.key))
            var batch: [Job] = []
            var others: [Job] = []
            for job in waiting {
                if job.key == first.key, batch.count < limit {
                    batch.append(job)
                } else {
                    others.append(job)
                }
            }
            waiting = others
            isBatchRunning = true
            let start = ContinuousClock.now
            for job in batch { observeWait(start - job.start) }
            await run(batch)
            let end = ContinuousClock.now
            previous = PreviousBatch(count: batch.count, duration: end - start, end: end)
            isBatchRunning = false
            for continuation in endObservers { continuation.resume() }
            endObservers = []
        }
        isScheduled = false
    }

    /// Waits for what is expected, and a moment until as many are there as were in the batch before.
    private func gather(_ key: Key) async {
        await upstreamBatch?()
        let start = ContinuousClock.now
        // Clients that were answered long ago do not ask again together.
        let previous = previous.flatMap { start - $0.end < .seconds(1) ? $0 : nil }
        let duration = previous?.duration ?? .zero
        while !waiting.isEmpty, waiting.count(where: { $0.key == key }) < limit(key) {
            let waited = ContinuousClock.now - start
            let isExpected = expected(waiting.count) > 0 && waited < maximumDelay(duration)
            let isLikely =
                waiting.count < previous?.count ?? 1
                && waited < min(duration / 2, .milliseconds(25))
            guard isExpected || isLikely else { break }
            // Why it polls: docs/performance-log.md.
            try? await Task.sleep(for: .milliseconds(1))
        }
    }

    private func run(_ batch: [Job]) async {
        guard let key = batch.first?.key else { return }
        do {
            let outputs = try await work(key, batch.map(\.input), progress(of: batch)) { index in
                batch.indices.contains(index) && batch[index].isWanted
            }
            for (job, output) in zip(batch, outputs) { job.end(.success(output)) }
            for job in batch.dropFirst(outputs.count) { job.end(.failure(BatchError())) }
        } catch {
            guard batch.count > 1 else {
                batch.first?.end(.failure(error))
                return
            }
            // One input of them may be at fault; the others shall not pay for it.
            for job in batch where job.isWanted { await run([job]) }
        }
    }

    private func progress(of batch: [Job]) -> Progress? {
        let listeners = batch.map(\.progress)
        guard listeners.contains(where: { $0 != nil }) else { return nil }
        return { text in
            if listeners.indices.contains(text.input) { listeners[text.input]?(text) }
        }
    }
}

/// The model gave fewer results than it was asked for.
struct BatchError: Error {}
