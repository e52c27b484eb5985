internal import COpenVINO
internal import Foundation

extension Array<Property> {
    /// The properties as the C array that OpenVINO takes, valid during the call.
    func withCProperties(
        _ body: (UnsafePointer<ov_property_t>?, Int) -> ov_status_e
    ) -> ov_status_e {
        // OpenVINO copies the strings before it returns; until then they are owned here.
        let strings = map { (key: strdup($0.key), value: strdup($0.value)) }
        defer {
            for pair in strings {
                free(pair.key)
                free(pair.value)
            }
        }
        let properties = strings.map { ov_property_t(key: $0.key, value: $0.value) }
        return properties.withUnsafeBufferPointer { body($0.baseAddress, $0.count) }
    }
}
