import NIOCore

/// A client of an MQTT 3.1.1 broker, which connects anew whenever the connection breaks.
///
/// What is published waits in a bounded queue until the broker takes it. A message of
/// ``MQTTMessage/QualityOfService/atLeastOnce`` is kept until it is acknowledged, and sent again with the
/// same identifier and marked as a duplicate after the connection broke.
package actor MQTTClient {
    /// How the connection stands.
    package enum Change: Sendable, Hashable {
        case connected
        /// Tried again after a while, unless the client was closed.
        case disconnected(MQTTError)
        /// The connection stands, and a subscription is not allowed.
        case denied(MQTTError)
    }

    private let configuration: BrokerConfiguration
    private var session: SessionState
    private var running: Task<Void, Never>?
    private var subscribers: [Int: Subscriber] = [:]
    private var nextSubscriber = 0
    private var wake: AsyncStream<Void>.Continuation?
    private var isClosing = false
    private var awaitsPong = false
    /// When the broker let the client in.
    private var openedAt: ContinuousClock.Instant?
    private let changesSource: AsyncStream<Change>.Continuation
    /// How the connection stands, as it changes; for one reader.
    package nonisolated let changes: AsyncStream<Change>

    private struct Subscriber {
        let filters: [String]
        let messages: AsyncStream<MQTTMessage>.Continuation
    }

    package init(_ configuration: BrokerConfiguration) {
        self.configuration = configuration
        session = SessionState(limits: configuration)
        (changes, changesSource) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(64))
    }

    /// Messages that are not sent, or not acknowledged.
    package var pendingMessages: Int { session.pendingMessages }

    package var isConnected: Bool { session.isOpen }

    /// Whether the broker knows of all subscriptions: what is published from then on arrives.
    package var isSubscribed: Bool { session.isSubscribed }

    // MARK: Connecting

    /// Connects, and stays so until ``close(within:)``; failures are told by ``changes``.
    ///
    /// - Throws: ``MQTTError`` for a configuration that can never work.
    package func start() throws(MQTTError) {
        try configuration.check()
        guard running == nil else { return }
        running = Task { await run() }
    }

    /// Sends what waits, as far as there is time; says goodbye, so that no last will is published, and
    /// ends subscriptions.
    ///
    /// - Returns: how many messages were not sent or not acknowledged.
    @discardableResult
    package func close(within limit: Duration = .seconds(5)) async -> Int {
        let end = ContinuousClock.now + limit
        while running != nil, pendingMessages > 0, ContinuousClock.now < end {
            guard (try? await Task.sleep(for: .milliseconds(5))) != nil else { break }
        }
        isClosing = true
        if session.isOpen {
            session.append(.disconnect)
            wake?.yield()
            let running = running
            let patience = Task {
                try await Task.sleep(for: .seconds(1))
                running?.cancel()
            }
            await running?.value
            patience.cancel()
        } else {
            running?.cancel()
            await running?.value
        }
        running = nil
        for subscriber in subscribers.values { subscriber.messages.finish() }
        subscribers = [:]
        changesSource.finish()
        return pendingMessages
    }

    // MARK: Messages

    /// Has a message sent, after those before it.
    ///
    /// - Parameter replacesWaiting: whether messages under the same topic that still wait are dropped.
    /// - Throws: ``MQTTError`` where no more may wait, or nothing can be published under its topic.
    package func publish(
        _ message: MQTTMessage, replacesWaiting: Bool = false
    ) throws(MQTTError) {
        try Topic.check(name: message.topic)
        guard message.size < PacketEncoder.longestBody else {
            throw MQTTError(
                .packetTooLarge, "A message may have 256 MiB; send a smaller picture")
        }
        if replacesWaiting { session.dropWaiting(message.topic) }
        try session.enqueue(message)
        wake?.yield()
    }

    /// What is published under topics, from now on and over connections that break.
    ///
    /// - Parameter filters: topics, with `+` for any one level and `#` for all that follow.
    /// - Returns: the messages; when 1000 wait to be read, the oldest are dropped.
    /// - Throws: ``MQTTError`` for filters that are none.
    package func subscribe(
        to filters: [String], quality: MQTTMessage.QualityOfService = .atLeastOnce
    ) throws(MQTTError) -> AsyncStream<MQTTMessage> {
        for filter in filters { try Topic.check(filter: filter) }
        let key = nextSubscriber
        nextSubscriber += 1
        let (stream, source) = AsyncStream<MQTTMessage>.makeStream(
            bufferingPolicy: .bufferingNewest(1_000))
        source.onTermination = { [weak self] _ in
            Task { [weak self] in await self?.unsubscribe(key) }
        }
        subscribers[key] = Subscriber(filters: filters, messages: source)
        session.subscribe(key, to: filters, quality: quality)
        wake?.yield()
        return stream
    }

    private func unsubscribe(_ key: Int) {
        guard subscribers.removeValue(forKey: key) != nil else { return }
        session.unsubscribe(key)
        wake?.yield()
    }

    // MARK: The connection

    private func run() async {
        var delay = configuration.retryDelays.lowerBound
        /// Connections in a row that were made at once and ended soon after.
        var shortOnes = 0
        while !isClosing, !Task.isCancelled {
            openedAt = nil
            var failure: (any Error)?
            do {
                try await connection()
            } catch {
                failure = error
            }
            session.close()
            if isClosing { return }
            if let openedAt,
                ContinuousClock.now - openedAt < configuration.retryDelays.upperBound * 2
            {
                shortOnes += 1
            } else {
                shortOnes = 0
            }
            // Two clients of one name throw each other out: ever more seldom then, and not each second.
            let isThrownOut = shortOnes > 2
            if openedAt != nil, !isThrownOut { delay = configuration.retryDelays.lowerBound }
            if let failure {
                let error = MQTTError(failure, to: configuration)
                // What the broker did by itself: closed or reset the connection.
                let isEnd = error == .ended(by: configuration) || !(failure is MQTTError)
                changesSource.yield(
                    .disconnected(isThrownOut && isEnd ? .thrownOut(of: configuration) : error))
            }
            // Not all clients of a broker that comes back at the same moment.
            try? await Task.sleep(for: delay * Double.random(in: 0.8...1.2))
            delay = min(delay * 2, configuration.retryDelays.upperBound)
        }
    }

    /// One connection, from its start to its end.
    private func connection() async throws {
        let channel = try await configuration.openChannel()
        let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.wake = wake
        awaitsPong = false
        defer { self.wake = nil }
        let configuration = configuration
        // Off the actor: the tasks ask it for each packet.
        try await Self.exchange(
            over: channel, hello: .connect(configuration), wakes: wakes, client: self)
    }

    /// Reads, writes and keeps alive, until one of them ends.
    private nonisolated static func exchange(
        over channel: BrokerChannel, hello: OutgoingPacket, wakes: AsyncStream<Void>,
        client: MQTTClient
    ) async throws {
        try await channel.executeThenClose { inbound, outbound in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for try await packet in inbound { try await client.receive(packet) }
                    throw MQTTError.ended(by: client.configuration)
                }
                group.addTask {
                    try await outbound.write(hello)
                    for await _ in wakes {
                        while let packet = await client.nextPacket() {
                            try await outbound.write(packet)
                            if packet == .disconnect { return }
                        }
                    }
                }
                group.addTask { try await client.keepAlive() }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
    }

    private func nextPacket() -> OutgoingPacket? { session.next() }

    private func receive(_ packet: IncomingPacket) throws {
        guard session.isOpen else {
            guard case .connectAnswer(let sessionPresent, let code) = packet else {
                throw MQTTError.invalid("a packet before it answered")
            }
            if let refusal = MQTTError.refusal(code, by: configuration) { throw refusal }
            session.open(sessionPresent: sessionPresent)
            openedAt = .now
            changesSource.yield(.connected)
            wake?.yield()
            return
        }
        switch packet {
        case .connectAnswer: throw MQTTError.invalid("a second answer")
        case .publish(let message, let identifier):
            for subscriber in subscribers.values
            where subscriber.filters.contains(where: { Topic.matches(message.topic, filter: $0) }) {
                subscriber.messages.yield(message)
            }
            if let identifier {
                session.append(.publishAcknowledgement(identifier: identifier))
                wake?.yield()
            }
        case .publishAcknowledgement(let identifier):
            session.acknowledge(identifier)
            wake?.yield()
        case .subscribeAcknowledgement(let identifier, let codes):
            do {
                try session.acknowledge(identifier, codes: codes)
            } catch {
                changesSource.yield(.denied(error))
            }
        case .unsubscribeAcknowledgement: break
        case .pingResponse: awaitsPong = false
        }
    }

    /// Throws once the broker does not answer.
    private func keepAlive() async throws {
        try await Task.sleep(for: min(configuration.connectTimeout, configuration.keepAlive / 2))
        guard session.isOpen else { throw MQTTError.silent(configuration) }
        while true {
            awaitsPong = true
            session.append(.pingRequest)
            wake?.yield()
            try await Task.sleep(for: configuration.keepAlive / 2)
            if awaitsPong { throw MQTTError.silent(configuration) }
        }
    }
}
