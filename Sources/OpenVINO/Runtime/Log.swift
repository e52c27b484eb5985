internal import COpenVINO
internal import Synchronization

/// Where OpenVINO's log messages go. It prints them to standard output unless told otherwise.
package enum Log {
    private static let handler = Mutex<(@Sendable (String) -> Void)?>(nil)

    /// Sends all messages of this process to a function, which is called on OpenVINO's threads.
    package static func redirect(to handler: @escaping @Sendable (String) -> Void) {
        Self.handler.withLock { $0 = handler }
        ov_util_set_log_callback { message in
            guard let message else { return }
            Log.handler.withLock { $0 }?(String(cString: message))
        }
    }

    /// Prints messages to standard output again.
    package static func reset() {
        ov_util_reset_log_callback()
        handler.withLock { $0 = nil }
    }
}
