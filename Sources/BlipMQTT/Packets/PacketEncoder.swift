import NIOCore

/// Writes packets as MQTT 3.1.1 has them.
struct PacketEncoder: MessageToByteEncoder {
    typealias OutboundIn = OutgoingPacket

    /// What four bytes of seven bits can tell.
    static let longestBody = 268_435_455

    func encode(data packet: OutgoingPacket, out: inout ByteBuffer) throws {
        var body = ByteBuffer()
        var flags: UInt8?
        let type: PacketType
        switch packet {
        case .connect(let configuration):
            type = .connect
            Self.write(configuration, to: &body)
        case .publish(let message, let identifier):
            type = .publish
            flags =
                (message.isDuplicate ? 0b1000 : 0) | message.quality.rawValue << 1
                | (message.isRetained ? 1 : 0)
            Self.write(message.topic, to: &body)
            if let identifier { body.writeInteger(identifier) }
            body.writeBytes(message.payload)
        case .publishAcknowledgement(let identifier):
            type = .publishAcknowledgement
            body.writeInteger(identifier)
        case .subscribe(let identifier, let filters, let quality):
            type = .subscribe
            body.writeInteger(identifier)
            for filter in filters {
                Self.write(filter, to: &body)
                body.writeInteger(quality.rawValue)
            }
        case .unsubscribe(let identifier, let filters):
            type = .unsubscribe
            body.writeInteger(identifier)
            for filter in filters { Self.write(filter, to: &body) }
        case .pingRequest: type = .pingRequest
        case .disconnect: type = .disconnect
        }
        guard body.readableBytes <= Self.longestBody else {
            throw MQTTError(
                .packetTooLarge, "A message may have 256 MiB; send a smaller picture")
        }
        out.writeInteger(type.rawValue << 4 | (flags ?? type.reservedFlags))
        var length = body.readableBytes
        repeat {
            out.writeInteger(UInt8(length & 0x7F) | (length > 0x7F ? 0x80 : 0))
            length >>= 7
        } while length > 0
        out.writeBuffer(&body)
    }

    private static func write(_ configuration: BrokerConfiguration, to body: inout ByteBuffer) {
        let will = configuration.will
        var flags: UInt8 = configuration.cleanSession ? 0b0000_0010 : 0
        if let will {
            flags |= 0b0000_0100 | will.quality.rawValue << 3 | (will.isRetained ? 0b0010_0000 : 0)
        }
        // A password without a name is not allowed (section 3.1.2.9).
        let user = configuration.user ?? (configuration.password == nil ? nil : "")
        if user != nil { flags |= 0b1000_0000 }
        if configuration.password != nil { flags |= 0b0100_0000 }
        write("MQTT", to: &body)
        body.writeInteger(UInt8(4))
        body.writeInteger(flags)
        body.writeInteger(UInt16(clamping: configuration.keepAlive.components.seconds))
        write(configuration.clientID, to: &body)
        if let will {
            write(will.topic, to: &body)
            write(will.payload, to: &body)
        }
        if let user { write(user, to: &body) }
        if let password = configuration.password { write(password.value, to: &body) }
    }

    private static func write(_ text: String, to body: inout ByteBuffer) {
        write(Array(text.utf8), to: &body)
    }

    /// Bytes after their count. What is longer was refused when the configuration or topic was checked.
    private static func write(_ bytes: [UInt8], to body: inout ByteBuffer) {
        body.writeInteger(UInt16(clamping: bytes.count))
        body.writeBytes(bytes.prefix(Int(UInt16.max)))
    }
}
