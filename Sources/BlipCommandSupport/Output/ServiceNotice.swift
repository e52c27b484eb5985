import Foundation

/// Tells systemd how a service does, where it asked for that: see sd_notify(3). Elsewhere nothing happens.
package enum ServiceNotice {
    /// The service has started.
    package static func ready() { send("READY=1") }

    /// The service is ending.
    package static func stopping() { send("STOPPING=1") }

    /// The service is alive.
    package static func alive() { send("WATCHDOG=1") }

    /// How often ``alive()`` is to be said: twice as often as systemd wants it; `nil` where it does not.
    package static var interval: Duration? { interval(in: ProcessInfo.processInfo.environment) }

    /// - Parameter environment: of this process, or of a test.
    package static func interval(in environment: [String: String]) -> Duration? {
        guard let microseconds = environment["WATCHDOG_USEC"].flatMap(Int64.init), microseconds > 0
        else { return nil }
        // A watchdog may be another process's, whose child this one is.
        let process = environment["WATCHDOG_PID"] ?? "\(getpid())"
        return process == "\(getpid())" ? .microseconds(microseconds / 2) : nil
    }

    /// Sends lines such as `READY=1`; what nobody takes is lost, since serving matters more.
    ///
    /// - Parameters:
    ///   - message: a line, or several.
    ///   - environment: of this process, or of a test.
    package static func send(
        _ message: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        #if os(Linux)
            guard let path = environment["NOTIFY_SOCKET"], path.count > 1,
                path.hasPrefix("/") || path.hasPrefix("@")
            else { return }
            var bytes = Array(path.utf8)
            // A name that is no file's.
            if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
            var address = sockaddr_un()
            guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
            let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            guard descriptor >= 0 else { return }
            defer { close(descriptor) }
            let length = MemoryLayout<sa_family_t>.size + bytes.count
            // The system's call wants any kind of address by its general type.
            _ = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    sendto(
                        descriptor, message, message.utf8.count, Int32(MSG_NOSIGNAL), address,
                        socklen_t(length))
                }
            }
        #endif
    }
}
