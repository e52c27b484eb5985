package import Foundation

/// A section of the file that was checked by its keys: what is asked for is there with the right type, or
/// not at all.
package struct ConfigurationSection: Sendable {
    package indirect enum Value: Sendable {
        case text(String)
        case boolean(Bool)
        case integer(Int)
        case number(Double)
        case duration(Duration)
        case texts([String])
        case region(Region)
        case labels([SensorConfiguration.Label])
        case section(ConfigurationSection)
        case named([(name: String, section: ConfigurationSection)])
    }

    var values: [String: Value] = [:]
    /// Where the section stands, such as `sensors.door`.
    package let path: String
    /// What relative paths begin at.
    package let folder: URL

    package func text(_ key: String) -> String? {
        if case .text(let value)? = values[key] { value } else { nil }
    }
    package func boolean(_ key: String) -> Bool? {
        if case .boolean(let value)? = values[key] { value } else { nil }
    }
    package func integer(_ key: String) -> Int? {
        if case .integer(let value)? = values[key] { value } else { nil }
    }
    package func number(_ key: String) -> Double? {
        if case .number(let value)? = values[key] { value } else { nil }
    }
    package func duration(_ key: String) -> Duration? {
        if case .duration(let value)? = values[key] { value } else { nil }
    }
    package func texts(_ key: String) -> [String]? {
        if case .texts(let value)? = values[key] { value } else { nil }
    }
    package func region(_ key: String) -> Region? {
        if case .region(let value)? = values[key] { value } else { nil }
    }
    package func labels(_ key: String) -> [SensorConfiguration.Label]? {
        if case .labels(let value)? = values[key] { value } else { nil }
    }
    package func section(_ key: String) -> ConfigurationSection? {
        if case .section(let value)? = values[key] { value } else { nil }
    }
    package func named(_ key: String) -> [(name: String, section: ConfigurationSection)] {
        if case .named(let value)? = values[key] { value } else { [] }
    }

    /// A path, from the configuration's folder on where it is relative.
    package func file(_ key: String) -> URL? {
        text(key).map { URL(filePath: $0, relativeTo: folder).absoluteURL }
    }
}
