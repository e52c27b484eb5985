public import Foundation

/// Why something cannot be scored.
///
/// Printed, it is one sentence that names what is wrong and what to do.
public struct EvaluationError: Error, Sendable, Hashable {
    /// The kind of error; new kinds may be added.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The code's name, stable between releases.
        public let rawValue: String
        /// Makes a code of its name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// There is nothing to score.
        public static let nothingToScore = Code(rawValue: "nothingToScore")
        /// A caption has no references, a question no answers, a picture or text no partner.
        public static let missingReference = Code(rawValue: "missingReference")
        /// A data set's file is not of its format, or contradicts itself.
        public static let invalidAnnotations = Code(rawValue: "invalidAnnotations")
        /// Numbers of rows, columns or partners do not fit together.
        public static let wrongShape = Code(rawValue: "wrongShape")
    }

    /// What kind of error it is.
    public let code: Code
    /// One sentence: what is wrong with what, and what to do.
    public let message: String

    /// - Parameters:
    ///   - code: the kind of error.
    ///   - message: one sentence: what is wrong with what, and what to do.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension EvaluationError: CustomStringConvertible, LocalizedError {
    /// The message.
    public var description: String { message }
    /// The message.
    public var errorDescription: String? { message }
}
