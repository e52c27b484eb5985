public import Foundation

/// A file that the service needs is not as it should be; one sentence that says what to do.
public struct ServiceFileError: Error, Sendable, Hashable, CustomStringConvertible, LocalizedError {
    public let description: String
    public var errorDescription: String? { description }

    init(_ description: String) { self.description = description }
}
