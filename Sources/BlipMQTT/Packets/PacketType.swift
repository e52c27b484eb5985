/// The upper half of a packet's first byte (MQTT 3.1.1, section 2.2.1).
enum PacketType: UInt8 {
    case connect = 1
    case connectAnswer = 2
    case publish = 3
    case publishAcknowledgement = 4
    case subscribe = 8
    case subscribeAcknowledgement = 9
    case unsubscribe = 10
    case unsubscribeAcknowledgement = 11
    case pingRequest = 12
    case pingResponse = 13
    case disconnect = 14

    /// The first byte's lower half where it has but one meaning.
    var reservedFlags: UInt8 {
        switch self {
        case .subscribe, .unsubscribe: 0b0010
        default: 0
        }
    }
}
