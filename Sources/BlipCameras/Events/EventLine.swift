package import Foundation

extension CameraEvent {
    /// The line of JSON without its end.
    package func jsonLine() throws -> String { try line(of: self) }
}

extension CameraAvailability {
    /// The line of JSON without its end.
    package func jsonLine() throws -> String { try line(of: self) }
}

/// Keys in the alphabet's order, times as ISO 8601 with milliseconds.
private func line(of value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .custom { date, encoder in
        var container = encoder.singleValueContainer()
        try container.encode(date.eventTime)
    }
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}

extension Date {
    /// As events tell the time: `2026-11-27T20:31:00.250Z`.
    package var eventTime: String {
        formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
