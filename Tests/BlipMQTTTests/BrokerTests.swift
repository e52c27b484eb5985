import Foundation
import Subprocess
import Testing

@testable import BlipMQTT

/// With mosquitto, as it is installed.
@Suite("A real broker", .enabled(if: Mosquitto.program != nil), .timeLimit(.minutes(2)))
struct BrokerTests {
    private func withBroker(
        _ configuration: [String] = ["allow_anonymous true"], listener: [String] = [],
        _ body: (Mosquitto) async throws -> Void
    ) async throws {
        let broker = try await Mosquitto(configuration, listener: listener)
        try await broker.start()
        do { try await body(broker) } catch {
            await broker.remove()
            throw error
        }
        await broker.remove()
    }

    /// A client that is connected.
    private func connected(_ configuration: BrokerConfiguration) async throws -> MQTTClient {
        let client = MQTTClient(configuration)
        try await client.start()
        for await change in client.changes where change == .connected { break }
        return client
    }

    @Test func messagesOfBothQualities() async throws {
        try await withBroker { broker in
            let (a, b) = (
                try await connected(broker.configuration("a")),
                try await connected(broker.configuration("b"))
            )
            let messages = try await b.subscribe(to: ["x/+", "y"])
            while !(await b.isSubscribed) { try await Task.sleep(for: .milliseconds(5)) }
            for (index, quality) in [
                MQTTMessage.QualityOfService.atMostOnce, .atLeastOnce, .atLeastOnce,
            ].enumerated() {
                try await a.publish(
                    MQTTMessage(
                        topic: index == 2 ? "y" : "x/\(index)",
                        payload: [UInt8](repeating: 7, count: index * 100_000), quality: quality))
            }
            var received: [MQTTMessage] = []
            for await message in messages.prefix(3) { received.append(message) }
            #expect(received.map(\.topic) == ["x/0", "x/1", "y"])
            #expect(received.map(\.payload.count) == [0, 100_000, 200_000])
            #expect(received.map(\.quality) == [.atMostOnce, .atLeastOnce, .atLeastOnce])
            #expect(await a.close() == 0)
            await b.close()
        }
    }

    @Test func whatIsRetainedAndTheLastWill() async throws {
        try await withBroker { broker in
            var configuration = broker.configuration("a")
            configuration.will = MQTTMessage(
                topic: "status", payload: "offline".utf8, quality: .atLeastOnce, isRetained: true)
            // Cut after the hello and the first message.
            let relay = try await Relay(to: broker.port, pieces: 1_000) { $0 == 0 ? 100 : 0 }
            configuration.port = relay.port
            let a = try await connected(configuration)
            try await a.publish(
                MQTTMessage(
                    topic: "status", payload: "online".utf8, quality: .atLeastOnce,
                    isRetained: true))
            let b = try await connected(broker.configuration("b"))
            let messages = try await b.subscribe(to: ["status"])
            var iterator = messages.makeAsyncIterator()
            let kept = await iterator.next()
            #expect(kept?.text == "online")
            try await a.publish(MQTTMessage(topic: "x", payload: [UInt8](repeating: 0, count: 200)))
            #expect(await iterator.next()?.text == "offline")
            await a.close(within: .zero)
            await b.close()
            await relay.close()
        }
    }

    @Test func aBrokerThatRefuses() async throws {
        try await withBroker(["allow_anonymous false"]) { broker in
            let client = MQTTClient(broker.configuration("a"))
            try await client.start()
            var changes = client.changes.makeAsyncIterator()
            guard case .disconnected(let error)? = await changes.next() else {
                Issue.record("let in")
                return
            }
            #expect(error.code == .refused)
            #expect(
                error.message
                    == "The broker 127.0.0.1:\(broker.port) wants a user and a password; give both")
            await client.close()
        }
    }

    @Test func userAndPassword() async throws {
        let passwords = FileManager.default.temporaryDirectory.appending(path: "pw-\(UUID())")
        defer { try? FileManager.default.removeItem(at: passwords) }
        let made = try await Subprocess.run(
            .name("mosquitto_passwd"), arguments: ["-b", "-c", passwords.path, "me", "hush"],
            output: .discarded, error: .discarded)
        #expect(made.terminationStatus.isSuccess)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644], ofItemAtPath: passwords.path)
        try await withBroker(["allow_anonymous false", "password_file \(passwords.path)"]) {
            broker in
            var configuration = broker.configuration("a")
            configuration.user = "me"
            configuration.password = .init("hush")
            let client = try await connected(configuration)
            await client.close()
            configuration.password = .init("loud")
            let other = MQTTClient(configuration)
            try await other.start()
            var changes = other.changes.makeAsyncIterator()
            guard case .disconnected(let error)? = await changes.next() else {
                Issue.record("let in")
                return
            }
            #expect(error.code == .refused && !error.message.contains("loud"))
            await other.close()
        }
    }

    /// By TLS with a certificate that only the given authority vouches for.
    @Test func encrypted() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (key, certificate) = (folder.appending(path: "k.pem"), folder.appending(path: "c.pem"))
        let made = try await Subprocess.run(
            .name("openssl"),
            arguments: [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-days", "1", "-subj", "/CN=localhost", "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key.path, "-out",
                certificate.path,
            ], output: .discarded, error: .discarded)
        #expect(made.terminationStatus.isSuccess)
        try await withBroker(
            listener: ["certfile \(certificate.path)", "keyfile \(key.path)"]
        ) { broker in
            for host in ["127.0.0.1", "localhost"] {
                var configuration = broker.configuration("a")
                configuration.host = host
                configuration.encryption = .init(authorities: certificate)
                let client = try await connected(configuration)
                try await client.publish(
                    MQTTMessage(topic: "x", payload: [1], quality: .atLeastOnce))
                #expect(await client.close() == 0)
            }
            var configuration = broker.configuration("a")
            configuration.encryption = .init()
            let stranger = MQTTClient(configuration)
            try await stranger.start()
            var changes = stranger.changes.makeAsyncIterator()
            guard case .disconnected(let error)? = await changes.next() else {
                Issue.record("trusted what nobody vouches for")
                return
            }
            #expect(error.message.contains("certificate"))
            await stranger.close()
        }
    }

    @Test func noBrokerAtAll() async throws {
        let client = MQTTClient(
            BrokerConfiguration(
                host: "127.0.0.1", port: try await Mosquitto.freePort(), clientID: "a"))
        try await client.start()
        var changes = client.changes.makeAsyncIterator()
        guard case .disconnected(let error)? = await changes.next() else {
            Issue.record("connected")
            return
        }
        #expect(error.code == .unreachable && error.message.contains("Connection refused"))
        #expect(await client.close() == 0)
    }

    /// A broker that is stopped in its tracks does not answer, and is left.
    @Test func aBrokerThatFallsSilent() async throws {
        try await withBroker { broker in
            var configuration = broker.configuration("a")
            configuration.keepAlive = .milliseconds(400)
            configuration.connectTimeout = .milliseconds(200)
            let client = MQTTClient(configuration)
            try await client.start()
            var changes = client.changes.makeAsyncIterator()
            // On a busy machine the broker's first answer may take longer than that, too.
            while let change = await changes.next(), change != .connected {}
            await broker.signal(SIGSTOP)
            guard case .disconnected(let error)? = await changes.next() else {
                Issue.record("still connected")
                return
            }
            #expect(error.message.contains("does not answer"))
            try await client.publish(MQTTMessage(topic: "x", payload: [1], quality: .atLeastOnce))
            await broker.signal(SIGCONT)
            #expect(await client.close(within: .seconds(60)) == 0)
        }
    }
}

extension TerminationStatus {
    var isSuccess: Bool { self == .exited(0) }
}
