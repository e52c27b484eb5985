import NIOCore

/// Cuts a broker's bytes into packets, however they arrive.
struct PacketDecoder: ByteToMessageDecoder {
    typealias InboundOut = IncomingPacket

    /// The most bytes of a packet after its header.
    let maximumBytes: Int

    mutating func decode(
        context: ChannelHandlerContext, buffer: inout ByteBuffer
    ) throws -> DecodingState {
        guard let packet = try next(in: &buffer) else { return .needMoreData }
        context.fireChannelRead(wrapInboundOut(packet))
        return .continue
    }

    mutating func decodeLast(
        context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
    ) throws -> DecodingState {
        // What is left of a packet when the connection ends is nobody's.
        try decode(context: context, buffer: &buffer)
    }

    /// The next whole packet, or `nil` where more bytes are needed; those of a packet that is not
    /// whole stay.
    ///
    /// - Throws: ``MQTTError`` as soon as a packet is wrong or too large.
    func next(in buffer: inout ByteBuffer) throws(MQTTError) -> IncomingPacket? {
        var rest = buffer
        guard let first = rest.readInteger(as: UInt8.self) else { return nil }
        guard let type = PacketType(rawValue: first >> 4) else {
            throw .invalid("a packet of type \(first >> 4)")
        }
        guard let length = try Self.remainingLength(in: &rest) else { return nil }
        guard length <= maximumBytes else {
            throw MQTTError(
                .packetTooLarge,
                "The broker sent a packet of \(length) bytes, and \(maximumBytes) are read; "
                    + "subscribe to fewer topics")
        }
        guard var body = rest.readSlice(length: length) else { return nil }
        let packet = try Self.packet(type, flags: first & 0x0F, body: &body)
        guard body.readableBytes == 0 else { throw .invalid("a packet that is too long") }
        buffer = rest
        return packet
    }

    /// One to four bytes of seven bits each, the lowest first (section 2.2.3).
    private static func remainingLength(in buffer: inout ByteBuffer) throws(MQTTError) -> Int? {
        var length = 0
        for place in 0..<4 {
            guard let byte = buffer.readInteger(as: UInt8.self) else { return nil }
            length |= Int(byte & 0x7F) << (7 * place)
            if byte & 0x80 == 0 { return length }
        }
        throw .invalid("a length of more than four bytes")
    }

    private static func packet(
        _ type: PacketType, flags: UInt8, body: inout ByteBuffer
    ) throws(MQTTError) -> IncomingPacket {
        if type == .publish { return try message(flags: flags, body: &body) }
        guard flags == type.reservedFlags else { throw .invalid("reserved bits that are set") }
        switch type {
        case .connectAnswer:
            let answer: UInt16 = try integer(in: &body)
            guard answer & 0xFE00 == 0 else { throw .invalid("reserved bits that are set") }
            return .connectAnswer(
                sessionPresent: answer >> 8 == 1, returnCode: UInt8(truncatingIfNeeded: answer))
        case .publishAcknowledgement:
            return .publishAcknowledgement(identifier: try identifier(in: &body))
        case .subscribeAcknowledgement:
            let identifier = try identifier(in: &body)
            let codes = body.readBytes(length: body.readableBytes) ?? []
            guard !codes.isEmpty, codes.allSatisfy({ $0 <= 2 || $0 == 0x80 }) else {
                throw .invalid("an answer to a subscription without its codes")
            }
            return .subscribeAcknowledgement(identifier: identifier, codes: codes)
        case .unsubscribeAcknowledgement:
            return .unsubscribeAcknowledgement(identifier: try identifier(in: &body))
        case .pingResponse: return .pingResponse
        default: throw .invalid("a packet that only clients send")
        }
    }

    private static func message(
        flags: UInt8, body: inout ByteBuffer
    ) throws(MQTTError) -> IncomingPacket {
        // Subscriptions ask for at most quality 1, so that 2 is never given.
        guard let quality = MQTTMessage.QualityOfService(rawValue: flags >> 1 & 0b11) else {
            throw .invalid("a message of a quality of service that was not asked for")
        }
        let length: UInt16 = try integer(in: &body)
        guard let bytes = body.readBytes(length: Int(length)),
            let topic = String(validating: bytes, as: UTF8.self), !bytes.contains(0)
        else { throw .invalid("a topic that is no UTF-8") }
        guard !topic.isEmpty, !topic.contains(where: { $0 == "+" || $0 == "#" }) else {
            throw .invalid("a message under no topic")
        }
        let identifier = quality == .atMostOnce ? nil : try identifier(in: &body)
        var message = MQTTMessage(
            topic: topic, payload: body.readBytes(length: body.readableBytes) ?? [],
            quality: quality, isRetained: flags & 0b0001 != 0)
        message.isDuplicate = flags & 0b1000 != 0
        return .publish(message, identifier: identifier)
    }

    private static func identifier(in body: inout ByteBuffer) throws(MQTTError) -> UInt16 {
        let identifier: UInt16 = try integer(in: &body)
        guard identifier > 0 else { throw .invalid("the packet identifier 0") }
        return identifier
    }

    private static func integer<Integer: FixedWidthInteger>(
        in body: inout ByteBuffer
    ) throws(MQTTError) -> Integer {
        guard let integer = body.readInteger(as: Integer.self) else {
            throw .invalid("a packet that is too short")
        }
        return integer
    }
}
