extension MQTTError {
    /// What a broker's answer means (MQTT 3.1.1, section 3.2.2.3); `nil` where it lets the client in.
    static func refusal(_ code: UInt8, by configuration: BrokerConfiguration) -> MQTTError? {
        let reason =
            switch code {
            case 0: String?.none
            case 1: "does not speak MQTT 3.1.1; use one that does"
            case 2: "refuses the client name \(configuration.clientID); choose another"
            case 3: "is not ready; try again later"
            case 4: "does not know this user and password; check both"
            case 5:
                configuration.user == nil
                    ? "wants a user and a password; give both"
                    : "does not let the user \(configuration.user ?? "") in; check user, password and "
                        + "the broker's access list"
            default: "refuses with the code \(code); look at its log"
            }
        return reason.map {
            MQTTError(.refused, "The broker \(configuration.address) \($0)")
        }
    }
}
