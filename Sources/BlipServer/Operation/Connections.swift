import HummingbirdCore
import Synchronization

/// Counts the open connections; at the limit new ones wait until another is closed.
final class Connections: AvailableConnectionsDelegate {
    private let limit: Int
    private let open = Mutex(0)

    init(limit: Int) { self.limit = max(1, limit) }

    var count: Int { open.withLock { $0 } }

    func connectionOpened() { open.withLock { $0 += 1 } }
    func connectionClosed() { open.withLock { $0 -= 1 } }
    func isAcceptingNewConnections() -> Bool { count < limit }
}
