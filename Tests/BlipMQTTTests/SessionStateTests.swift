import Testing

@testable import BlipMQTT

@Suite("What an MQTT client has to send")
struct SessionStateTests {
    private var state: SessionState

    init() {
        var limits = BrokerConfiguration(host: "h", clientID: "me")
        limits.queuedMessages = 5
        limits.queuedBytes = 1_000
        limits.inFlight = 2
        state = SessionState(limits: limits)
    }

    private func message(_ text: String) -> MQTTMessage {
        MQTTMessage(topic: "t", payload: Array(text.utf8), quality: .atLeastOnce)
    }

    private mutating func sent() -> [(text: String, identifier: UInt16?, isDuplicate: Bool)] {
        var sent: [(String, UInt16?, Bool)] = []
        while case .publish(let message, let identifier)? = state.next() {
            sent.append((message.text, identifier, message.isDuplicate))
        }
        return sent
    }

    @Test mutating func whatIsNotAcknowledgedIsSentAgain() throws {
        for text in ["1", "2", "3"] { try state.enqueue(message(text)) }
        #expect(state.next() == nil)
        state.open(sessionPresent: false)
        let first = sent()
        #expect(first.map(\.text) == ["1", "2"] && first.allSatisfy { !$0.isDuplicate })
        state.close()
        state.open(sessionPresent: false)
        let second = sent()
        #expect(second.map(\.text) == ["1", "2"] && second.allSatisfy(\.isDuplicate))
        #expect(second.map(\.identifier) == first.map(\.identifier))
        for identifier in second.compactMap(\.identifier) { state.acknowledge(identifier) }
        #expect(sent().map(\.text) == ["3"])
        #expect(state.pendingMessages == 1)
    }

    @Test mutating func theQueueIsBounded() throws {
        for text in ["1", "2", "3", "4", "5"] { try state.enqueue(message(text)) }
        #expect(throws: MQTTError.self) { try state.enqueue(message("6")) }
        state.open(sessionPresent: false)
        _ = sent()
        let large = MQTTMessage(topic: "t", payload: [UInt8](repeating: 0, count: 1_000))
        #expect(throws: MQTTError.self) { try state.enqueue(large) }
        try state.enqueue(message("6"))
    }

    @Test mutating func subscriptionsAreAskedForAgainWhereTheBrokerForgot() throws {
        state.subscribe(0, to: ["a"], quality: .atLeastOnce)
        state.open(sessionPresent: true)
        guard case .subscribe(let identifier, ["a"], _)? = state.next() else {
            Issue.record("not asked for")
            return
        }
        try state.acknowledge(identifier, codes: [1])
        state.close()
        state.open(sessionPresent: true)
        #expect(state.next() == nil)
        state.close()
        state.open(sessionPresent: false)
        guard case .subscribe? = state.next() else {
            Issue.record("not asked for again")
            return
        }
        state.unsubscribe(0)
        guard case .unsubscribe(_, ["a"])? = state.next() else {
            Issue.record("not taken back")
            return
        }
    }
}
