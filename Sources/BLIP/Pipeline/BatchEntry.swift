internal import Synchronization

/// One call's part in a batch: what it asks for, and who waits for it. The queues of the model and of the server have it.
package final class BatchEntry<Input: Sendable, Output: Sendable>: Sendable {
    private enum State {
        case new
        case waiting(CheckedContinuation<Output, any Error>)
        case ended
    }

    package let input: Input
    private let progress: (@Sendable (PartialText) -> Void)?
    private let state = Mutex(State.new)

    package init(_ input: Input, _ progress: (@Sendable (PartialText) -> Void)?) {
        self.input = input
        self.progress = progress
    }

    /// Whether somebody still waits for it.
    package var isWanted: Bool {
        state.withLock { if case .ended = $0 { false } else { true } }
    }

    package func wait(_ continuation: CheckedContinuation<Output, any Error>) {
        let isOver = state.withLock { state in
            if case .ended = state { return true }
            state = .waiting(continuation)
            return false
        }
        if isOver { continuation.resume(throwing: CancellationError()) }
    }

    /// Gives whoever waits what became of it; only the first time.
    package func end(_ result: Result<Output, any Error>) {
        state.withLock { state -> CheckedContinuation<Output, any Error>? in
            defer { state = .ended }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }?.resume(with: result)
    }

    /// Tells each of a batch's entries of its own texts; `nil` where none listens.
    package static func progress(of batch: [BatchEntry]) -> (@Sendable (PartialText) -> Void)? {
        guard batch.contains(where: { $0.progress != nil }) else { return nil }
        return { text in
            guard batch.indices.contains(text.input) else { return }
            batch[text.input].progress?(text.moved(to: 0))
        }
    }
}
