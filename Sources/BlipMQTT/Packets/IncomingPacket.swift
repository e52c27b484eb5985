/// What a broker sends.
enum IncomingPacket: Sendable, Hashable {
    case connectAnswer(sessionPresent: Bool, returnCode: UInt8)
    /// The identifier is `nil` for what is sent at most once.
    case publish(MQTTMessage, identifier: UInt16?)
    case publishAcknowledgement(identifier: UInt16)
    /// A code for each filter: the quality that was granted, or 0x80 for none.
    case subscribeAcknowledgement(identifier: UInt16, codes: [UInt8])
    case unsubscribeAcknowledgement(identifier: UInt16)
    case pingResponse
}
