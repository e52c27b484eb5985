import BLIP

/// Gathers what requests in flight want of the model, so that it runs as few batches.
///
/// There is no waiting for company: an idle batcher runs what it is given at once, and what arrives
/// meanwhile forms the next batch. A lone request is as quick as without it.
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

    private let limit: @Sendable (Key) -> Int
    private let work: Work
    private var waiting: [Job] = []
    private var isRunning = false
    private var lastID = 0

    /// - Parameters:
    ///   - limit: the most inputs of one batch.
    ///   - work: gives one output an input, in their order.
    init(limit: @escaping @Sendable (Key) -> Int, work: @escaping Work) {
        self.limit = limit
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

    private func cancel(_ id: Int) {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return }
        waiting.remove(at: index).continuation.resume(throwing: CancellationError())
    }

    private func runWaiting() async {
        while let first = waiting.first {
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
            await run(batch)
        }
        isRunning = false
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
