internal import Foundation
internal import Synchronization

/// Where sentences go about devices: that one is checked, or is not used since it gives wrong numbers.
public enum DeviceNotices {
    private static let handler = Mutex<@Sendable (String) -> Void> { sentence in
        try? FileHandle.standardError.write(contentsOf: Data((sentence + "\n").utf8))
    }

    /// Hands sentences on to a program's own log; without it they go to standard error.
    public static func send(to handler: @escaping @Sendable (String) -> Void) {
        self.handler.withLock { $0 = handler }
    }

    static func tell(_ sentence: String) { handler.withLock(\.self)(sentence) }
}
