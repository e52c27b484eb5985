import BlipErrors

/// Bytes that break the rules of the format that they are said to have; one sentence that says what
/// to do.
package struct WireFormatError: DescribedError {
    /// What is wrong, for programs.
    package struct Code: ErrorCode {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// No form, or one that ends early.
        package static let invalidForm = Code(rawValue: "invalidForm")
        /// More fields than are taken.
        package static let tooManyParts = Code(rawValue: "tooManyParts")
        /// Lengths that do not add up to the bytes that are there.
        package static let invalidTensor = Code(rawValue: "invalidTensor")
        /// No frame, one that is larger than is taken, or one that ends early.
        package static let invalidFrame = Code(rawValue: "invalidFrame")
    }

    /// What is wrong.
    package let code: Code
    /// The same for people.
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
