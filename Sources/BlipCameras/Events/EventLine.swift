package import Foundation

extension CameraEvent {
    /// The line of JSON without its end.
    package func jsonLine() throws -> String { try line(of: IdentifiedEvent(event: self)) }
}

extension CameraAvailability {
    /// The line of JSON without its end.
    package func jsonLine() throws -> String { try line(of: self) }
}

private func line(of value: some Encodable) throws -> String {
    String(decoding: try JSONEncoder.events.encode(value), as: UTF8.self)
}

extension Date {
    /// As events tell the time: `2026-11-27T20:31:00.250Z`.
    package var eventTime: String {
        formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
