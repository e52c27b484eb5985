public import Foundation

/// Bytes that break the rules of the format that they are said to have; one sentence that says what
/// to do.
public struct WireFormatError: Error, Sendable, Hashable, CustomStringConvertible, LocalizedError {
    /// What is wrong, for programs.
    public struct Code: Sendable, Hashable {
        private let name: String

        /// No form, or one that ends early.
        public static let invalidForm = Code(name: "invalidForm")
        /// More fields than are taken.
        public static let tooManyParts = Code(name: "tooManyParts")
        /// Lengths that do not add up to the bytes that are there.
        public static let invalidTensor = Code(name: "invalidTensor")
        /// No frame, one that is larger than is taken, or one that ends early.
        public static let invalidFrame = Code(name: "invalidFrame")
    }

    /// What is wrong.
    public let code: Code
    /// The same for people.
    public let message: String
    public var description: String { message }
    public var errorDescription: String? { message }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
