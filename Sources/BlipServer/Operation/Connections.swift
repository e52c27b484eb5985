import HummingbirdCore
import NIOCore
import Synchronization

/// The open connections. Over the limit the one that has been without a request for longest makes
/// room; where all have one, new connections wait.
final class Connections: AvailableConnectionsDelegate {
    private struct State {
        var count = 0
        var resting: [ObjectIdentifier: (channel: any Channel, turn: Int)] = [:]
        var turn = 0
        /// Whether a new connection may be waiting.
        var isFull = false

        mutating func takeLongestResting() -> (any Channel)? {
            guard let longest = resting.min(by: { $0.value.turn < $1.value.turn }) else {
                return nil
            }
            resting[longest.key] = nil
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
    func rest(_ channel: any Channel, isNew: Bool = false) {
        let longest: (any Channel)? = state.withLock { state in
            state.turn += 1
            state.resting[ObjectIdentifier(channel)] = (channel, state.turn)
            guard state.isFull, !isNew else { return nil }
            state.isFull = false
            return state.takeLongestResting()
        }
        longest?.close(promise: nil)
    }

    /// Of a connection that has a request, or has ended.
    func work(_ channel: any Channel) {
        state.withLock { $0.resting[ObjectIdentifier(channel)] = nil }
    }

    func connectionOpened() {
        let longest: (any Channel)? = state.withLock { state in
            state.count += 1
            return state.count > limit ? state.takeLongestResting() : nil
        }
        longest?.close(promise: nil)
    }

    func connectionClosed() { state.withLock { $0.count -= 1 } }

    func isAcceptingNewConnections() -> Bool {
        state.withLock { state in
            state.isFull = state.count >= limit && state.resting.isEmpty
            return !state.isFull
        }
    }
}
