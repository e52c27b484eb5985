/// An entity as MQTT discovery describes it; the names are Home Assistant's in camel case.
struct DiscoveredEntity: Encodable {
    struct Device: Encodable {
        let identifiers: [String]
        let name: String
        let manufacturer: String
        let model: String
        let swVersion: String
    }
    struct Availability: Encodable {
        let topic: String
    }
    struct Origin: Encodable {
        var name = "blip"
    }

    /// The last part of the entity's id; not told.
    let object: String

    let name: String
    let uniqueId: String
    let objectId: String
    let device: Device
    let availability: [Availability]
    var availabilityMode = "all"
    var origin = Origin()
    let qos: Int

    var stateTopic: String?
    var commandTopic: String?
    var imageTopic: String?
    var jsonAttributesTopic: String?
    var valueTemplate: String?
    var payloadOn: String?
    var payloadOff: String?
    var deviceClass: String?
    var stateClass: String?
    var entityCategory: String?
    var icon: String?
    var options: [String]?
    var eventTypes: [String]?
    var contentType: String?

    private enum CodingKeys: CodingKey {
        case name, uniqueId, objectId, device, availability, availabilityMode, origin, qos
        case stateTopic, commandTopic, imageTopic, jsonAttributesTopic, valueTemplate
        case payloadOn, payloadOff, deviceClass, stateClass, entityCategory, icon, options
        case eventTypes, contentType
    }
}
