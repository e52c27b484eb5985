import Synchronization

/// Tells when nothing came for too long.
final class Watchdog: Sendable {
    private struct State {
        var last = ContinuousClock.now
        var isPaused = false
        var isStalled = false
    }

    private let timeout: Duration
    private let state = Mutex(State())

    init(timeout: Duration) { self.timeout = timeout }

    var isStalled: Bool { state.withLock { $0.isStalled } }

    func feed() { state.withLock { $0.last = .now } }

    /// Does not count the time of a body that keeps others waiting.
    func pausing(_ body: () async -> Void) async {
        state.withLock { $0.isPaused = true }
        await body()
        state.withLock {
            $0.isPaused = false
            $0.last = .now
        }
    }

    /// Waits for the stall; ends without one when the task is cancelled.
    func wait() async {
        while !Task.isCancelled {
            let left = state.withLock { state -> Duration in
                if state.isPaused { return timeout }
                let left = timeout - (ContinuousClock.now - state.last)
                if left <= .zero { state.isStalled = true }
                return left
            }
            guard left > .zero else { return }
            guard (try? await Task.sleep(for: left)) != nil else { return }
        }
    }
}
