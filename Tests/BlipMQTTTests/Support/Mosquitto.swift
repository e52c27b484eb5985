import Foundation
import NIOCore
import NIOPosix

@testable import BlipMQTT

/// A real broker on a port of loopback that was free.
actor Mosquitto {
    static let program = [
        "/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/opt/homebrew/sbin/mosquitto",
    ]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

    nonisolated let port: Int
    nonisolated let folder: URL
    private var process: Process?

    /// - Parameter configuration: lines for its file besides the listener, which is the last.
    init(_ configuration: [String] = ["allow_anonymous true"], listener: [String] = []) async throws
    {
        folder = FileManager.default.temporaryDirectory.appending(path: "mosquitto-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        port = try await Self.freePort()
        let lines =
            [
                "persistence true", "persistence_location \(folder.path)/",
                // Else it becomes another user, who may not write here.
                "user \(NSUserName())",
            ] + configuration + ["listener \(port) 127.0.0.1"] + listener
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: configurationFile)
    }

    private nonisolated var configurationFile: URL { folder.appending(path: "mosquitto.conf") }

    /// A port that nobody listens on any more: whoever connects before it is closed is let in.
    static func freePort() async throws -> Int {
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        try await channel.close()
        return port
    }

    func start() async throws {
        let process = Process()
        // Threads of Swift's pool block SIGTERM, and a child has the mask of the thread that starts it.
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c",
            "import os, signal, sys; signal.pthread_sigmask(signal.SIG_SETMASK, []); "
                + "os.execv(sys.argv[1], sys.argv[1:])",
            Self.program ?? "mosquitto", "-c", configurationFile.path,
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
        for _ in 0..<1_000 {
            let connection = try? await ClientBootstrap(
                group: .singletonMultiThreadedEventLoopGroup
            )
            .connect(host: "127.0.0.1", port: port).get()
            if let connection {
                try await connection.close()
                return
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw CancellationError()
    }

    /// Ends it; it keeps its sessions. `SIGKILL` has it keep what it wrote before.
    func stop(_ signal: CInt = SIGTERM) {
        guard let process else { return }
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        self.process = nil
    }

    func signal(_ signal: CInt) {
        if let process { kill(process.processIdentifier, signal) }
    }

    func remove() {
        stop(SIGKILL)
        try? FileManager.default.removeItem(at: folder)
    }

    nonisolated func configuration(_ name: String, port: Int? = nil) -> BrokerConfiguration {
        var configuration = BrokerConfiguration(
            host: "127.0.0.1", port: port ?? self.port, clientID: name)
        configuration.retryDelays = .milliseconds(20)...Duration.milliseconds(60)
        return configuration
    }
}
