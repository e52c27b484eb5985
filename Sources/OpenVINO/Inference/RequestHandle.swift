internal import COpenVINO
internal import Synchronization

/// Owns a request's C object and its completion callback.
///
/// Apart from ``InferRequest`` so that a cancellation, which comes from any thread at any moment, can
/// hold on to the C object.
final class RequestHandle: Sendable {
    /// The only reference to the C object; freed in `deinit`.
    /// Unchecked: `InferRequest` makes all calls but `cancel`, one at a time; `cancel` locks inside.
    nonisolated(unsafe) let pointer: OpaquePointer

    /// OpenVINO keeps this address and reads it at each completion, so it lives until after the C
    /// object. Unchecked: written once, before it is handed over.
    nonisolated(unsafe) private let callback: UnsafeMutablePointer<ov_callback_t>

    private struct Run {
        /// From the start until `end()`: the request counts as busy a little longer for OpenVINO's
        /// callback than for its `start_async`, and a run that begins in between would lose its own.
        var isActive = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let run = Mutex(Run())

    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
        callback = .allocate(capacity: 1)
        callback.initialize(to: ov_callback_t())
    }

    deinit {
        // Waits for a run that is still going on, so no callback comes afterwards.
        ov_infer_request_free(pointer)
        callback.deallocate()
    }

    /// Has OpenVINO report the end of every asynchronous run. Once is enough: a synchronous run
    /// leaves it alone.
    func installCallback() throws(OpenVINOError) {
        // Unretained: the callback can only come while the C object lives, and that is ours.
        callback.pointee.args = Unmanaged.passUnretained(self).toOpaque()
        callback.pointee.callback_func = { context in
            guard let context else { return }
            Unmanaged<RequestHandle>.fromOpaque(context).takeUnretainedValue().finish()
        }
        try check(ov_infer_request_set_callback(pointer, callback), "watch an infer request")
    }

    /// Starts a run that resumes the continuation when it ends, well or badly. Call `end()` after it.
    ///
    /// - Returns: the reason if it did not start; the continuation is then resumed already.
    func start(resuming continuation: CheckedContinuation<Void, Never>) -> OpenVINOError? {
        // First, since the run may end before `start_async` returns.
        let wasActive = run.withLock { run in
            if run.isActive { return true }
            run = Run(isActive: true, waiting: continuation)
            return false
        }
        guard !wasActive else {
            continuation.resume()
            return Self.busy
        }
        do throws(OpenVINOError) {
            try check(ov_infer_request_start_async(pointer), "start an inference")
            return nil
        } catch {
            run.withLock { $0.isActive = false }
            finish()
            return error
        }
    }

    /// Waits until the request of a run that was started is free again.
    func end() throws(OpenVINOError) {
        defer { run.withLock { $0.isActive = false } }
        // The callback comes a moment before that, and knows no outcome.
        try check(ov_infer_request_wait(pointer), "run an inference")
    }

    /// Throws while an asynchronous run is on its way.
    func checkIdle() throws(OpenVINOError) {
        guard run.withLock({ !$0.isActive }) else { throw Self.busy }
    }

    private static let busy = OpenVINOError(
        code: .requestBusy, operation: "start an inference",
        message: "this request is still running one; use a request for each task")

    func cancel() {
        // Nothing to report: a request that is not running has nothing to cancel.
        _ = ov_infer_request_cancel(pointer)
    }

    private func finish() {
        run.withLock { run in
            defer { run.waiting = nil }
            return run.waiting
        }?.resume()
    }
}
