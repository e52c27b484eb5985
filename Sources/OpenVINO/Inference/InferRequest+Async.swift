internal import Synchronization

extension InferRequest {
    /// Runs the model on the inputs without blocking a thread of Swift's pool. Cancelling the task
    /// stops the inference.
    ///
    /// - Throws: `CancellationError` when the task was cancelled; ``OpenVINOError`` otherwise, with
    ///   `.inferCancelled` after a ``cancel()``.
    public nonisolated(nonsending) func inferAsynchronously() async throws {
        try Task.checkCancellation()
        let gate = StartGate(handle: handle)
        await withTaskCancellationHandler {
            await withCheckedContinuation { gate.start(resuming: $0) }
        } onCancel: {
            gate.cancel()
        }
        do throws(OpenVINOError) {
            if let failure = gate.failure { throw failure }
            try handle.end()
        } catch {
            if error.code == .inferCancelled, Task.isCancelled { throw CancellationError() }
            throw error
        }
    }
}

/// Orders the start of a run and its cancellation, which come from two threads: OpenVINO forgets a
/// cancellation that comes before the start.
private final class StartGate: Sendable {
    private enum State {
        case ready
        case started
        case failed(OpenVINOError)
    }

    private let handle: RequestHandle
    private let state = Mutex(State.ready)

    init(handle: RequestHandle) {
        self.handle = handle
    }

    var failure: OpenVINOError? {
        state.withLock { if case .failed(let error) = $0 { error } else { nil } }
    }

    func start(resuming continuation: CheckedContinuation<Void, Never>) {
        state.withLock { state in
            if case .failed = state {
                continuation.resume()
            } else if let failure = handle.start(resuming: continuation) {
                state = .failed(failure)
            } else {
                state = .started
            }
        }
    }

    func cancel() {
        state.withLock { state in
            switch state {
            case .ready:
                state = .failed(
                    OpenVINOError(code: .inferCancelled, operation: "start an inference"))
            case .started: handle.cancel()
            case .failed: break
            }
        }
    }
}
