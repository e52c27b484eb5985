import BLIP

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

    private typealias Entry = BatchEntry<Input, Output>

    private struct Job {
        let key: Key
        let entry: Entry
        let start = ContinuousClock.now
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
        let entry = Entry(input, progress)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                entry.wait(continuation)
                waiting.append(Job(key: key, entry: entry))
                if !isScheduled {
                    isScheduled = true
                    Task { await runWaiting() }
                }
            }
        } onCancel: {
            entry.end(.failure(CancellationError()))
        }
    }

    /// Inputs that wait for the batch that runs.
    var waitingCount: Int { waiting.count { $0.entry.isWanted } }

    /// Returns when the batch that runs has ended, at once where none does.
    func batchEnd() async {
        guard isBatchRunning else { return }
        await withCheckedContinuation { endObservers.append($0) }
    }

    /// The first input that waits and is still wanted.
    private var firstWaiting: Job? {
        waiting.removeAll { !$0.entry.isWanted }
        return waiting.first
    }

    private func runWaiting() async {
        while let next = firstWaiting {
            await gather(next.key)
            guard let first = firstWaiting else { break }
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
            await run(batch.map(\.entry), first.key)
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
        while firstWaiting != nil, waiting.count(where: { $0.key == key }) < limit(key) {
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

    private func run(_ batch: [Entry], _ key: Key) async {
        do {
            let outputs = try await work(
                key, batch.map(\.input), Entry.progress(of: batch)
            ) { index in
                batch.indices.contains(index) && batch[index].isWanted
            }
            for (entry, output) in zip(batch, outputs) { entry.end(.success(output)) }
            for entry in batch.dropFirst(outputs.count) { entry.end(.failure(BatchError())) }
        } catch {
            guard batch.count > 1 else {
                batch.first?.end(.failure(error))
                return
            }
            // One input of them may be at fault; the others shall not pay for it.
            for entry in batch where entry.isWanted { await run([entry], key) }
        }
    }
}

/// The model gave fewer results than it was asked for.
struct BatchError: Error {}
