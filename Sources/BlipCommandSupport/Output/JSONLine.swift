import Foundation

/// A record as a line of JSON, its fields in the alphabet's order and in snake case.
package func jsonLine(_ record: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(record), as: UTF8.self)
}

/// A picture that could not be read.
struct ErrorRecord: Encodable {
    let image: String
    let error: String
}
