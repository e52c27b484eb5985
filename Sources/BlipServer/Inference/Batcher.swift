import BLIP

/// Gathers what requests in flight want of the model, so that it runs as few batches.
///
/// An idle batcher runs what it is given at once, unless more is known to come: a lone request is as
/// quick as without it. What arrives while a batch runs forms the next one. Where a batch had company,
/// the next waits a moment for as much: clients that were answered together ask again together, and
/// the first of them must not go alone.
actor Batcher<Key: Hashable & Sendable, Input: Sendable, Output: Sendable> {
    /// Told of the texts of one input as they grow.
    typealias Progress = @Sendable (PartialText) -> Void
    /// Runs one batch; `nil` where nobody listens to its progress.
    typealias Work = @Sendable (Key, [Input], Progress?) async throws -> [Output]

    private struct Job {
        let id: Int
        let key: Key
        let input: Input
        let progress: Progress?
        let continuation: CheckedContinuation<Output, any Error>
    }

    /// The batch before.
    private struct Last {
        let count: Int
        let duration: Duration
        let end: ContinuousClock.Instant
    }

    private let limit: @Sendable (Key) -> Int
    private let company: (@Sendable () async -> Void)?
    private let patience: @Sendable (Duration) -> Duration
    private let coming: @Sendable (Int) -> Int
    private let work: Work
    private var waiting: [Job] = []
    private var isRunning = false
    private var lastID = 0
    private var isWorking = false
    private var last: Last?
    private var waitingForEnd: [CheckedContinuation<Void, Never>] = []

    /// - Parameters:
    ///   - limit: the most inputs of one batch.
    ///   - company: returns once others who may join the next batch are on their way.
    ///   - coming: how many inputs are being made, given how many wait.
    ///   - patience: how long to wait for what is coming, by what the batch before took: half of it,
    ///     which a shared batch saves.
    ///   - work: gives one output an input, in their order.
    init(
        limit: @escaping @Sendable (Key) -> Int, company: (@Sendable () async -> Void)? = nil,
        coming: @escaping @Sendable (Int) -> Int = { _ in 0 },
        patience: @escaping @Sendable (Duration) -> Duration = {
            max(.milliseconds(25), min($0 / 2, .milliseconds(250)))
        },
        work: @escaping Work
    ) {
        self.limit = limit
        self.company = company
        self.coming = coming
        self.patience = patience
        self.work = work
    }

    /// Runs an input, together with others of an equal key.
    ///
    /// - Throws: what the work throws of this input, and `CancellationError` where the task was
    ///   cancelled while the input waited.
    func run(_ input: Input, key: Key, progress: Progress? = nil) async throws -> Output {
        try Task.checkCancellation()
        lastID += 1
        let id = lastID
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                waiting.append(
                    Job(
                        id: id, key: key, input: input, progress: progress,
                        continuation: continuation))
                if !isRunning {
                    isRunning = true
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
    func untilBatchEnds() async {
        guard isWorking else { return }
        await withCheckedContinuation { waitingForEnd.append($0) }
    }

    private func cancel(_ id: Int) {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return }
        waiting.remove(at: index).continuation.resume(throwing: CancellationError())
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
            isWorking = true
            let start = ContinuousClock.now
            await run(batch)
            let end = ContinuousClock.now
            last = Last(count: batch.count, duration: end - start, end: end)
            isWorking = false
            for continuation in waitingForEnd { continuation.resume() }
            waitingForEnd = []
        }
        isRunning = false
    }

    /// Waits for what is coming, and a moment until as many are there as were in the batch before.
    private func gather(_ key: Key) async {
        await company?()
        let start = ContinuousClock.now
        // Clients that were answered long ago do not ask again together.
        let last = last.flatMap { start - $0.end < .seconds(1) ? $0 : nil }
        let duration = last?.duration ?? .zero
        while !waiting.isEmpty, waiting.count(where: { $0.key == key }) < limit(key) {
            let waited = ContinuousClock.now - start
            let isComing = coming(waiting.count) > 0 && waited < patience(duration)
            let mayCome =
                waiting.count < last?.count ?? 1 && waited < min(duration / 2, .milliseconds(25))
            guard isComing || mayCome else { break }
            try? await Task.sleep(for: .milliseconds(1))
        }
    }

    private func run(_ batch: [Job]) async {
        guard let key = batch.first?.key else { return }
        do {
            let outputs = try await work(key, batch.map(\.input), progress(of: batch))
            for (job, output) in zip(batch, outputs) { job.continuation.resume(returning: output) }
            for job in batch.dropFirst(outputs.count) {
                job.continuation.resume(throwing: BatchError())
            }
        } catch {
            guard batch.count > 1 else {
                batch.first?.continuation.resume(throwing: error)
                return
            }
            // One input of them may be at fault; the others shall not pay for it.
            for job in batch { await run([job]) }
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
