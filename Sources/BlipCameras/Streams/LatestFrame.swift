import Synchronization

/// Holds the newest frame that nobody has taken yet: an older one gives way, so that no queue grows.
final class LatestFrame: Sendable {
    private struct State {
        var frame: Frame?
        var isFinished = false
        var taker: CheckedContinuation<Frame?, Never>?
        var giver: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Leaves a frame. It takes the place of the one before.
    func put(_ frame: Frame) {
        let taker = state.withLock { state -> CheckedContinuation<Frame?, Never>? in
            guard !state.isFinished else { return nil }
            if let taker = state.taker {
                state.taker = nil
                return taker
            }
            state.frame = frame
            return nil
        }
        taker?.resume(returning: frame)
    }

    /// Waits until no frame is left, for sources of which none may be lost.
    func waitUntilTaken() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    if state.frame == nil || state.isFinished || Task.isCancelled { return true }
                    state.giver = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            finish()
        }
    }

    /// Waits for a frame that was not taken yet; `nil` after the last, and when the task is cancelled.
    func next() async -> Frame? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (result, giver) = state.withLock {
                    state -> (Frame??, CheckedContinuation<Void, Never>?) in
                    if Task.isCancelled { return (.some(nil), nil) }
                    if let frame = state.frame {
                        state.frame = nil
                        defer { state.giver = nil }
                        return (.some(frame), state.giver)
                    }
                    if state.isFinished { return (.some(nil), nil) }
                    state.taker = continuation
                    return (nil, nil)
                }
                giver?.resume()
                if let result { continuation.resume(returning: result) }
            }
        } onCancel: {
            finish()
        }
    }

    /// After this no frame comes; one that is left can still be taken.
    func finish() {
        let (taker, giver) = state.withLock { state in
            state.isFinished = true
            defer {
                state.taker = nil
                state.giver = nil
            }
            return (state.taker, state.giver)
        }
        taker?.resume(returning: nil)
        giver?.resume()
    }
}
