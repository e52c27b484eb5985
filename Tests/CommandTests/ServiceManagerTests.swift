import BlipCommandSupport
import Foundation
import Testing

@testable import BlipCommand

@Suite("What systemd is told")
struct ServiceManagerTests {
    @Test func nobodyIsToldWhereNobodyAsks() {
        ServiceNotice.send("READY=1", environment: [:])
        ServiceNotice.send("READY=1", environment: ["NOTIFY_SOCKET": "relative"])
        let long = "/" + String(repeating: "a", count: 200)
        ServiceNotice.send("READY=1", environment: ["NOTIFY_SOCKET": long])
    }

    @Test(arguments: ["/", "@"]) func linesArriveAtOnce(kind: String) throws {
        let name = "\(kind)tmp/blip-\(UUID().uuidString.prefix(8))"
        let socket = try Listener(name: name)
        ServiceNotice.send("READY=1\nSTATUS=demo", environment: ["NOTIFY_SOCKET": name])
        #expect(socket.next() == "READY=1\nSTATUS=demo")
    }

    @Test func itTellsThatItLivesUntilItEnds() async throws {
        let name = "@blip-\(UUID().uuidString.prefix(8))"
        let socket = try Listener(name: name)
        let manager = ServiceManager(environment: [
            "NOTIFY_SOCKET": name, "WATCHDOG_USEC": "2000", "WATCHDOG_PID": "\(getpid())",
        ])
        let running = Task { try await manager.run() }
        #expect(socket.next() == "WATCHDOG=1")
        #expect(socket.next() == "WATCHDOG=1")
        running.cancel()
        try await running.value
        var last = socket.next()
        while last == "WATCHDOG=1" { last = socket.next() }
        #expect(last == "STOPPING=1")
    }

    @Test func anothersWatchdogIsNotFed() async throws {
        let name = "@blip-\(UUID().uuidString.prefix(8))"
        let socket = try Listener(name: name)
        let manager = ServiceManager(environment: [
            "NOTIFY_SOCKET": name, "WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1",
        ])
        let running = Task { try await manager.run() }
        try await Task.sleep(for: .milliseconds(50))
        running.cancel()
        try await running.value
        #expect(socket.next() == "STOPPING=1")
    }
}

/// A socket as systemd has one.
private final class Listener {
    private let descriptor: Int32
    private let path: String?

    init(name: String) throws {
        path = name.hasPrefix("/") ? name : nil
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = name.hasPrefix("@") ? [0] + name.utf8.dropFirst() : Array(name.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        #if canImport(Glibc)
            descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        #else
            descriptor = socket(AF_UNIX, SOCK_DGRAM, 0)
        #endif
        let start = MemoryLayout<sockaddr_un>.size - MemoryLayout.size(ofValue: address.sun_path)
        let status = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(start + bytes.count))
            }
        }
        try #require(status == 0)
    }

    /// Waits for a message; nil after half a minute without one.
    func next() -> String? {
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&wait, 1, 30_000) == 1 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
    }

    deinit {
        close(descriptor)
        if let path { unlink(path) }
    }
}
