internal import Foundation
internal import Synchronization

/// What the library tells a program's log, for all models of the process.
///
/// A function, since `BLIP` needs no other package. With swift-log:
///
/// ```swift
/// BlipLog.send { level, message in
///     logger.log(level: level == .notice ? .notice : .debug, "\(message)")
/// }
/// ```
public enum BlipLog {
    /// How much a message matters.
    public enum Level: Sendable, Hashable {
        /// For whoever runs the program: a device is checked, or is not used since it gives wrong numbers.
        case notice
        /// For whoever writes it: a part was compiled, a batch was run.
        case debug
    }

    private static let handler = Mutex<@Sendable (Level, String) -> Void> { level, message in
        guard level == .notice else { return }
        try? FileHandle.standardError.write(contentsOf: Data((message + "\n").utf8))
    }

    /// Hands messages on to a program's own log; without it notices go to standard error, and nothing else
    /// anywhere.
    ///
    /// - Parameter handler: called on any thread, with one sentence.
    public static func send(to handler: @escaping @Sendable (Level, String) -> Void) {
        self.handler.withLock { $0 = handler }
    }

    static func notice(_ message: String) { handler.withLock(\.self)(.notice, message) }

    static func debug(_ message: @autoclosure () -> String) {
        handler.withLock(\.self)(.debug, message())
    }
}
