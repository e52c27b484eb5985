import Foundation
import Testing

@testable import BlipMQTT

/// At quality 1 nothing is lost, whatever happens to the connection; what arrives twice has the same text.
@Suite("Delivery", .enabled(if: Mosquitto.program != nil), .timeLimit(.minutes(2)))
struct DeliveryTests {
    private let count = 200

    private func message(_ number: Int) -> MQTTMessage {
        MQTTMessage(topic: "events", payload: "\(number)".utf8, quality: .atLeastOnce)
    }

    /// Reads until all numbers came.
    private func receive(
        _ messages: AsyncStream<MQTTMessage>
    ) async -> (order: [Int], again: Int) {
        var order: [Int] = []
        var seen: Set<Int> = []
        var again = 0
        for await message in messages {
            guard let number = Int(message.text) else { continue }
            if seen.insert(number).inserted { order.append(number) } else { again += 1 }
            if seen.count == count { break }
        }
        return (order, again)
    }

    /// The broker ends and comes back three times while messages are sent.
    @Test func brokerGoneAndBack() async throws {
        let broker = try await Mosquitto()
        try await broker.start()
        let (sender, receiver) = (
            MQTTClient(broker.configuration("sender")), MQTTClient(broker.configuration("receiver"))
        )
        let messages = try await receiver.subscribe(to: ["events"])
        try await receiver.start()
        for await change in receiver.changes where change == .connected { break }
        while !(await receiver.isSubscribed) { try await Task.sleep(for: .milliseconds(5)) }
        try await sender.start()
        let reading = Task { await receive(messages) }
        for number in 0..<count {
            try await sender.publish(message(number))
            if number % 50 == 20 { await broker.stop() }
            if number % 50 == 40 { try await broker.start() }
            if number % 10 == 0 { try await Task.sleep(for: .milliseconds(10)) }
        }
        let (order, again) = await reading.value
        #expect(order == Array(0..<count))
        // Only what was not acknowledged when the broker ended.
        #expect(again <= 4 * 20)
        #expect(await sender.close(within: .seconds(30)) == 0)
        await receiver.close()
        await broker.remove()
    }

    /// Pieces of a few bytes, and connections that are cut after every number of bytes.
    @Test func connectionsCutAnywhere() async throws {
        let broker = try await Mosquitto()
        try await broker.start()
        let relay = try await Relay(to: broker.port, pieces: 3) { 40 + 13 * $0 }
        let (sender, receiver) = (
            MQTTClient(broker.configuration("sender", port: relay.port)),
            MQTTClient(broker.configuration("receiver"))
        )
        let messages = try await receiver.subscribe(to: ["events"])
        try await receiver.start()
        while !(await receiver.isSubscribed) { try await Task.sleep(for: .milliseconds(5)) }
        try await sender.start()
        for number in 0..<count { try await sender.publish(message(number)) }
        let (order, _) = await receive(messages)
        #expect(Set(order) == Set(0..<count))
        #expect(await sender.close(within: .seconds(30)) == 0)
        var disconnections = 0
        for await change in sender.changes {
            if case .disconnected = change { disconnections += 1 }
        }
        #expect(disconnections > 5)
        await receiver.close()
        await relay.close()
        await broker.remove()
    }

    /// The same of what the broker sends: its answers, and messages.
    @Test func answersCutAnywhere() async throws {
        let broker = try await Mosquitto()
        try await broker.start()
        // A cut loses the acknowledgements that are on their way, too: all 3,000 bytes may have to
        // come over one connection. A message has 13 to 15 bytes, so that each of their places is met.
        let relay = try await Relay(to: broker.port, pieces: 3, cuts: { _ in nil }) { 1 + 23 * $0 }
        let (sender, receiver) = (
            MQTTClient(broker.configuration("sender")),
            MQTTClient(broker.configuration("receiver", port: relay.port))
        )
        let messages = try await receiver.subscribe(to: ["events"])
        try await receiver.start()
        // From then on the broker keeps what is published for it.
        while !(await receiver.isSubscribed) { try await Task.sleep(for: .milliseconds(5)) }
        try await sender.start()
        for number in 0..<count { try await sender.publish(message(number)) }
        let (order, _) = await receive(messages)
        #expect(Set(order) == Set(0..<count))
        await receiver.close()
        await sender.close()
        await relay.close()
        await broker.remove()
    }

    /// Two clients of one name: the broker throws the older one out, and each says what that may be.
    @Test func twoOfOneName() async throws {
        let broker = try await Mosquitto()
        try await broker.start()
        var configuration = broker.configuration("twin")
        configuration.retryDelays = .milliseconds(20)...Duration.seconds(60)
        let twins = [MQTTClient(configuration), MQTTClient(configuration)]
        for twin in twins { try await twin.start() }
        for await change in twins[0].changes {
            guard case .disconnected(let error) = change else { continue }
            if "\(error)".contains("another client has the name twin; give each its own") { break }
        }
        for twin in twins { await twin.close() }
        await broker.remove()
    }

    /// What the broker sends arrives in pieces, too.
    @Test func receivedInSmallPieces() async throws {
        let broker = try await Mosquitto()
        try await broker.start()
        let relay = try await Relay(to: broker.port, pieces: 1) { _ in nil }
        let client = MQTTClient(broker.configuration("a", port: relay.port))
        let messages = try await client.subscribe(to: ["events"])
        try await client.start()
        while !(await client.isSubscribed) { try await Task.sleep(for: .milliseconds(5)) }
        for number in 0..<count { try await client.publish(message(number)) }
        let (order, again) = await receive(messages)
        #expect(order == Array(0..<count) && again == 0)
        await client.close()
        await relay.close()
        await broker.remove()
    }
}
