import NIOCore

/// What a client has to send: it outlives connections.
struct SessionState {
    private struct InFlight {
        let identifier: UInt16
        var message: MQTTMessage
        var waits = true
    }
    private struct Subscription {
        let filters: [String]
        let quality: MQTTMessage.QualityOfService
        /// Of the request that is not answered.
        var identifier: UInt16?
        var isKnown = false
    }

    private let limits: BrokerConfiguration
    private var queue = CircularBuffer<MQTTMessage>()
    private var queuedBytes = 0
    private var inFlight: [InFlight] = []
    private var subscriptions: [Int: Subscription] = [:]
    private var control = CircularBuffer<OutgoingPacket>()
    private var lastIdentifier: UInt16 = 0
    private(set) var isOpen = false

    init(limits: BrokerConfiguration) { self.limits = limits }

    /// Messages that are not sent, or not acknowledged.
    var pendingMessages: Int { queue.count + inFlight.count }

    var isSubscribed: Bool { isOpen && subscriptions.values.allSatisfy(\.isKnown) }

    /// - Throws: ``MQTTError`` where no more may wait.
    mutating func enqueue(_ message: MQTTMessage) throws(MQTTError) {
        guard queue.count < limits.queuedMessages,
            queuedBytes + message.size <= limits.queuedBytes
        else {
            throw MQTTError(
                .queueFull,
                "\(queue.count) messages wait for the broker \(limits.address), and no more may; "
                    + "check that it runs")
        }
        queue.append(message)
        queuedBytes += message.size
    }

    /// Drops messages that were not sent yet.
    mutating func dropWaiting(_ topic: String) {
        queue.removeAll { $0.topic == topic }
        queuedBytes = queue.reduce(0) { $0 + $1.size }
    }

    mutating func subscribe(
        _ key: Int, to filters: [String], quality: MQTTMessage.QualityOfService
    ) {
        subscriptions[key] = Subscription(filters: filters, quality: quality)
        if isOpen { request(key) }
    }

    mutating func unsubscribe(_ key: Int) {
        guard let ended = subscriptions.removeValue(forKey: key), isOpen else { return }
        let others = Set(subscriptions.values.flatMap(\.filters))
        let filters = ended.filters.filter { !others.contains($0) }
        guard !filters.isEmpty else { return }
        control.append(.unsubscribe(identifier: nextIdentifier(), filters: filters))
    }

    mutating func append(_ packet: OutgoingPacket) { control.append(packet) }

    /// A connection stands: what is not acknowledged is sent again, in the order of the first time.
    mutating func open(sessionPresent: Bool) {
        isOpen = true
        for index in inFlight.indices { inFlight[index].waits = true }
        for (key, subscription) in subscriptions.sorted(by: { $0.key < $1.key })
        where !(sessionPresent && subscription.isKnown) {
            request(key)
        }
    }

    mutating func close() {
        isOpen = false
        control.removeAll()
    }

    /// The next packet, where there is one to send.
    mutating func next() -> OutgoingPacket? {
        guard isOpen else { return nil }
        if let packet = control.popFirst() { return packet }
        if let index = inFlight.firstIndex(where: \.waits) {
            inFlight[index].waits = false
            let sent = inFlight[index]
            // From the second time on.
            inFlight[index].message.isDuplicate = true
            return .publish(sent.message, identifier: sent.identifier)
        }
        guard inFlight.count < limits.inFlight, let message = queue.popFirst() else { return nil }
        queuedBytes -= message.size
        guard message.quality == .atLeastOnce else { return .publish(message, identifier: nil) }
        inFlight.append(InFlight(identifier: nextIdentifier(), message: message))
        return next()
    }

    mutating func acknowledge(_ identifier: UInt16) {
        inFlight.removeAll { $0.identifier == identifier }
    }

    /// - Throws: ``MQTTError`` for filters that the broker lets nobody read.
    mutating func acknowledge(_ identifier: UInt16, codes: [UInt8]) throws(MQTTError) {
        guard let key = subscriptions.first(where: { $0.value.identifier == identifier })?.key,
            let subscription = subscriptions[key]
        else { return }
        subscriptions[key]?.identifier = nil
        subscriptions[key]?.isKnown = true
        if let refused = zip(subscription.filters, codes).first(where: { $0.1 == 0x80 }) {
            throw MQTTError(
                .refused,
                "The broker \(limits.address) lets \(limits.user ?? "this client") not subscribe to "
                    + "\(refused.0); allow it there")
        }
    }

    private mutating func request(_ key: Int) {
        let identifier = nextIdentifier()
        guard let subscription = subscriptions[key] else { return }
        subscriptions[key]?.identifier = identifier
        control.append(
            .subscribe(
                identifier: identifier, filters: subscription.filters,
                quality: subscription.quality))
    }

    /// One that nothing unanswered has: fewer of those are there than identifiers.
    private mutating func nextIdentifier() -> UInt16 {
        let taken = Set(inFlight.map(\.identifier) + subscriptions.values.compactMap(\.identifier))
        repeat {
            lastIdentifier = lastIdentifier == .max ? 1 : lastIdentifier + 1
        } while taken.contains(lastIdentifier)
        return lastIdentifier
    }
}
