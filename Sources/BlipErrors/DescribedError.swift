public import Foundation

/// An error that prints as one sentence: what is wrong with what, and what to do.
public protocol DescribedError: LocalizedError, CustomStringConvertible, Sendable, Hashable {
    /// The sentence.
    var message: String { get }
}

extension DescribedError {
    public var description: String { message }
    public var errorDescription: String? { description }
}

/// The kind of an error, for programs to branch on. Open: a new kind breaks nobody.
public protocol ErrorCode: RawRepresentable<String>, CustomStringConvertible, Sendable, Hashable {}

extension ErrorCode {
    /// The kind's name.
    public var description: String { rawValue }
}
