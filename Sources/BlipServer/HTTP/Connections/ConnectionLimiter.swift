import HummingbirdCore
import NIOCore
import Synchronization

/// The open connections. Over the limit the one that has been without a request for longest makes
/// room; where all have one, new connections wait.
final class ConnectionLimiter: AvailableConnectionsDelegate {
    private struct State {
        var count = 0
        var idle: [ObjectIdentifier: (channel: any Channel, turn: Int)] = [:]
        var turn = 0
        /// Whether a new connection may be waiting.
        var isFull = false

        mutating func removeLongestIdle() -> (any Channel)? {
            guard let longest = idle.min(by: { $0.value.turn < $1.value.turn }) else {
                return nil
            }
            idle[longest.key] = nil
            return longest.value.channel
        }
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = max(1, limit) }

    var count: Int { state.withLock { $0.count } }

    /// Of a connection that has no request.
    ///
    /// - Parameter isNew: whether it has had none yet; such a one makes no room for others at once.
    func markIdle(_ channel: any Channel, isNew: Bool = false) {
        let longest: (any Channel)? = state.withLock { state in
            state.turn += 1
            state.idle[ObjectIdentifier(channel)] = (channel, state.turn)
            guard state.isFull, !isNew else { return nil }
            state.isFull = false
            return state.removeLongestIdle()
        }
        longest?.close(promise: nil)
    }

    /// Of a connection that has a request, or has ended.
    func markBusy(_ channel: any Channel) {
        state.withLock { $0.idle[ObjectIdentifier(channel)] = nil }
    }

    func connectionOpened() {
        let longest: (any Channel)? = state.withLock { state in
            state.count += 1
            return state.count > limit ? state.removeLongestIdle() : nil
        }
        longest?.close(promise: nil)
    }

    func connectionClosed() { state.withLock { $0.count -= 1 } }

    func isAcceptingNewConnections() -> Bool {
        state.withLock { state in
            state.isFull = state.count >= limit && state.idle.isEmpty
            return !state.isFull
        }
    }
}
