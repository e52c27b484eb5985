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

    private let waiting = Mutex<CheckedContinuation<Void, Never>?>(nil)

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

    /// Starts a run that resumes the continuation when it ends, well or badly.
    ///
    /// - Returns: the reason if it did not start; the continuation is then resumed already.
    func start(resuming continuation: CheckedContinuation<Void, Never>) -> OpenVINOError? {
        // First, since the run may end before `start_async` returns.
        waiting.withLock { $0 = continuation }
        do throws(OpenVINOError) {
            try check(ov_infer_request_start_async(pointer), "start an inference")
            return nil
        } catch {
            finish()
            return error
        }
    }

    func cancel() {
        // Nothing to report: a request that is not running has nothing to cancel.
        _ = ov_infer_request_cancel(pointer)
    }

    private func finish() {
        waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }?.resume()
    }
}
