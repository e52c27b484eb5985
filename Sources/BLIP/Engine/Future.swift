import Dispatch
import Synchronization

/// A value that another thread is making.
final class Future<Value: Sendable>: Sendable {
    private struct NotMadeYet: Error {}

    private let result = Mutex<Result<Value, any Error>>(.failure(NotMadeYet()))
    private let group = DispatchGroup()

    init(_ make: @escaping @Sendable () throws -> Value) {
        // Of the default priority it would share its threads with Swift's tasks. On Linux a lower one means
        // only threads of their own.
        DispatchQueue.global(qos: .utility).async(group: group) {
            let made = Result(catching: make)
            self.result.withLock { $0 = made }
        }
    }

    /// Blocks until it is made, or cannot be.
    func wait() { group.wait() }

    /// Blocks until it is made.
    ///
    /// - Throws: what making it threw.
    func get() throws -> Value {
        wait()
        return try result.withLock(\.self).get()
    }

    /// The value, if it is made by now.
    var value: Value? { try? result.withLock(\.self).get() }
}
