import Foundation

extension JSONEncoder {
    /// Keys in the alphabet's order, times as ISO 8601 with milliseconds.
    static var events: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(date.eventTime)
        }
        return encoder
    }
}
