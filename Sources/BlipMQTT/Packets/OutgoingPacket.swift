/// What a client sends.
enum OutgoingPacket: Sendable, Hashable {
    case connect(BrokerConfiguration)
    case publish(MQTTMessage, identifier: UInt16?)
    case publishAcknowledgement(identifier: UInt16)
    case subscribe(identifier: UInt16, filters: [String], quality: MQTTMessage.QualityOfService)
    case unsubscribe(identifier: UInt16, filters: [String])
    case pingRequest
    case disconnect
}
