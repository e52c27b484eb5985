import Foundation
import ServiceLifecycle

/// Tells systemd how the server is, where that started it (`Type=notify`), as sd_notify(3) does.
///
/// While it runs it also tells every now and then that the program still gets to its tasks, if the unit wants
/// to hear that (`WatchdogSec=`).
struct ServiceManager: Service {
    private let socket: String
    private let watchdogInterval: Duration?

    /// - Parameter environment: of this process; `nil` where nobody wants to be told.
    init?(environment: [String: String] = ProcessInfo.processInfo.environment) {
        guard let socket = environment["NOTIFY_SOCKET"], ["/", "@"].contains(socket.prefix(1))
        else {
            return nil
        }
        self.socket = socket
        let isMeant = environment["WATCHDOG_PID"].map { $0 == String(getpid()) } ?? true
        watchdogInterval = environment["WATCHDOG_USEC"].flatMap(UInt32.init).flatMap {
            isMeant && $0 > 0 ? .microseconds($0) : nil
        }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            // Half of what is allowed, as sd_watchdog_enabled(3) advises.
            while (try? await Task.sleep(for: (watchdogInterval ?? .seconds(7200)) / 2)) != nil {
                if watchdogInterval != nil { tell("WATCHDOG=1") }
            }
        }
        tell("STOPPING=1")
    }

    /// Sends lines such as `READY=1`; one that nobody takes is lost, since serving matters more.
    func tell(_ lines: String...) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // An @ stands for the zero that names without a file begin with.
        let name = socket.hasPrefix("@") ? [0] + socket.utf8.dropFirst() : Array(socket.utf8)
        let start = MemoryLayout<sockaddr_un>.size - MemoryLayout.size(ofValue: address.sun_path)
        guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        #if canImport(Glibc)
            let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        #else
            let descriptor = Darwin.socket(AF_UNIX, SOCK_DGRAM, 0)
        #endif
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let message = Array(lines.joined(separator: "\n").utf8)
        // sendto wants the general address type; the bytes are the same.
        withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = sendto(
                    descriptor, message, message.count, 0, address, socklen_t(start + name.count))
            }
        }
    }
}
