import BlipCameras
import BlipCommandSupport
import Synchronization

/// Prints events, a line of JSON each.
final class StandardOutputSink: EventSink {
    private let state = Mutex<(failure: Failure?, waiter: CheckedContinuation<Void, Never>?)>(
        (nil, nil))

    /// Why nothing can be printed any more.
    var failure: Failure? { state.withLock { $0.failure } }

    func send(_ event: CameraEvent, picture: EventPicture) async {
        print(try? event.jsonLine())
    }

    func send(_ availability: CameraAvailability) async {
        print(try? availability.jsonLine())
    }

    private func print(_ line: String?) {
        guard let line, failure == nil else { return }
        do {
            try Terminal.print(line)
        } catch {
            let waiter = state.withLock { state in
                state.failure = Failure(error)
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume()
        }
    }

    /// Waits until nothing can be printed, or the task is cancelled.
    func waitForFailure() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.failure != nil || Task.isCancelled { return true }
                    state.waiter = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume()
        }
    }
}
