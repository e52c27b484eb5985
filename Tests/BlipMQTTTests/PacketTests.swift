import NIOCore
import Testing

@testable import BlipMQTT

@Suite("MQTT packets")
struct PacketTests {
    private static let message = MQTTMessage(
        topic: "blip/tür/state", payload: Array("open".utf8), quality: .atLeastOnce,
        isRetained: true)

    /// Bytes that a broker may send, by hand from MQTT 3.1.1.
    private static let received: [([UInt8], IncomingPacket)] = [
        ([0x20, 2, 1, 0], .connectAnswer(sessionPresent: true, returnCode: 0)),
        ([0x20, 2, 0, 5], .connectAnswer(sessionPresent: false, returnCode: 5)),
        ([0x40, 2, 0x12, 0x34], .publishAcknowledgement(identifier: 0x1234)),
        ([0x90, 4, 0, 7, 1, 0x80], .subscribeAcknowledgement(identifier: 7, codes: [1, 0x80])),
        ([0xB0, 2, 0, 9], .unsubscribeAcknowledgement(identifier: 9)),
        ([0xD0, 0], .pingResponse),
        (
            [0x30, 5, 0, 3, 0x61, 0x2F, 0x62],
            .publish(MQTTMessage(topic: "a/b", payload: []), identifier: nil)
        ),
    ]

    private func decode(_ bytes: [UInt8]) throws -> IncomingPacket? {
        var buffer = ByteBuffer(bytes: bytes)
        return try PacketDecoder(maximumBytes: 1 << 20).next(in: &buffer)
    }

    private func encode(_ packet: OutgoingPacket) throws -> [UInt8] {
        var buffer = ByteBuffer()
        try PacketEncoder().encode(data: packet, out: &buffer)
        return Array(buffer.readableBytesView)
    }

    @Test func packetsThatBrokersSend() throws {
        for (bytes, packet) in Self.received { #expect(try decode(bytes) == packet) }
    }

    @Test func aMessageComesBackAsItWent() throws {
        for length in [0, 1, 100, 200, 20_000] {
            var message = Self.message
            message.payload = [UInt8](repeating: 7, count: length)
            message.isDuplicate = true
            let bytes = try encode(.publish(message, identifier: 500))
            #expect(try decode(bytes) == .publish(message, identifier: 500))
        }
    }

    @Test func packetsThatClientsSend() throws {
        var configuration = BrokerConfiguration(host: "h", clientID: "me")
        configuration.user = "u"
        configuration.password = .init("p")
        configuration.keepAlive = .seconds(60)
        configuration.will = MQTTMessage(
            topic: "w", payload: [9], quality: .atLeastOnce, isRetained: true)
        #expect(
            try encode(.connect(configuration)) == [
                0x10, 26, 0, 4, 0x4D, 0x51, 0x54, 0x54, 4, 0b1110_1100, 0, 60, 0, 2, 0x6D, 0x65, 0,
                1,
                0x77, 0, 1, 9, 0, 1, 0x75, 0, 1, 0x70,
            ])
        #expect(
            try encode(.subscribe(identifier: 3, filters: ["a"], quality: .atLeastOnce)) == [
                0x82, 6, 0, 3, 0, 1, 0x61, 1,
            ])
        #expect(
            try encode(.unsubscribe(identifier: 3, filters: ["a"])) == [0xA2, 5, 0, 3, 0, 1, 0x61])
        #expect(try encode(.pingRequest) == [0xC0, 0])
        #expect(try encode(.disconnect) == [0xE0, 0])
    }

    @Test func packetsCutAnywhere() throws {
        let message = try encode(.publish(Self.message, identifier: 1))
        let bytes = Self.received.flatMap(\.0) + message
        for first in 0...bytes.count {
            for second in first...bytes.count {
                var buffer = ByteBuffer()
                var packets: [IncomingPacket] = []
                for piece in [bytes[..<first], bytes[first..<second], bytes[second...]] {
                    buffer.writeBytes(piece)
                    while let packet = try PacketDecoder(maximumBytes: 1 << 20).next(in: &buffer) {
                        packets.append(packet)
                    }
                }
                #expect(packets == Self.received.map(\.1) + [.publish(Self.message, identifier: 1)])
            }
        }
    }

    @Test(
        arguments: [
            [0x00, 0], [0xF0, 0], [0x10, 0], [0xC0, 0], [0x20, 1, 0], [0x20, 3, 0, 0, 0],
            [0x20, 2, 2, 0], [0x21, 2, 0, 0], [0x40, 2, 0, 0], [0x90, 2, 0, 7], [0x90, 3, 0, 7, 3],
            [0x36, 5, 0, 1, 0x61, 0, 1], [0x30, 2, 0, 0], [0x30, 3, 0, 1, 0x23],
            [0x30, 3, 0, 1, 0xFF],
            [0x30, 3, 0, 1, 0], [0x30, 2, 0, 9], [0x32, 3, 0, 1, 0x61],
            [0xD0, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        ] as [[UInt8]])
    func wrongPackets(_ bytes: [UInt8]) {
        #expect(throws: MQTTError.self) { try decode(bytes) }
    }

    @Test func aPacketIsRefusedByItsLength() {
        var buffer = ByteBuffer(bytes: [0x30, 0xFF, 0xFF, 0x7F])
        let error = #expect(throws: MQTTError.self) {
            try PacketDecoder(maximumBytes: 1000).next(in: &buffer)
        }
        #expect(error?.code == .packetTooLarge)
    }

    /// Bytes of packets changed, cut and doubled at random places: read or
    /// refused, and the same in two pieces.
    @Test func mutations() throws {
        let whole = try Self.received.flatMap(\.0) + encode(.publish(Self.message, identifier: 1))
        var generator = SeededGenerator(state: 20)
        var (read, unsound) = (0, 0)
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 1 where bytes.count > 8:
                    bytes.removeSubrange(place..<min(place + 3, bytes.count - 1))
                default: bytes.insert(contentsOf: bytes[place...].prefix(20), at: place)
                }
            }
            let packets = try? PacketFuzzTarget.packets(bytes)
            if let packets { read += packets }
            // The first byte tells where they are cut.
            let cut = UInt8.random(in: 0...80, using: &generator)
            if !([cut] + bytes).withUnsafeBytes(PacketFuzzTarget.isSound) { unsound += 1 }
        }
        #expect((1_000..<200_000).contains(read))
        #expect(unsound == 0)
    }

    @Test(arguments: [
        ("a/b", "a/b", true), ("a/b", "a/+", true), ("a/b/c", "a/+", false), ("a/b/c", "a/#", true),
        ("a", "a/#", true), ("a", "#", true), ("$SYS/x", "#", false), ("$SYS/x", "+/x", false),
        ("$SYS/x", "$SYS/#", true), ("a//b", "a/+/b", true), ("/a", "+/a", true),
        ("a/b", "a", false),
        ("ab", "a", false), ("a", "a/+", false),
    ])
    func topics(_ name: String, filter: String, matches: Bool) {
        #expect(Topic.matches(name, filter: filter) == matches)
    }

    @Test(arguments: ["", "a#", "a/#/b", "a+/b", "#/", "a\u{0}b"])
    func wrongFilters(_ filter: String) {
        #expect(throws: MQTTError.self) { try Topic.check(filter: filter) }
        #expect(throws: MQTTError.self) { try Topic.check(name: filter) }
        #expect(throws: Never.self) { try Topic.check(filter: "a/+/#") }
    }

    @Test func aPasswordIsInNoDescription() {
        var configuration = BrokerConfiguration(host: "h", clientID: "me")
        configuration.password = .init("hush")
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!dumped.contains("hush") && !"\(configuration)".contains("hush"))
    }
}
