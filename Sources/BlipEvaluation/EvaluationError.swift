import BlipErrors

/// Why something cannot be scored.
///
/// Printed, it is one sentence that names what is wrong and what to do.
package struct EvaluationError: DescribedError {
    /// The kind of error; new kinds may be added.
    package struct Code: ErrorCode {
        /// The code's name, stable between releases.
        package let rawValue: String
        /// Makes a code of its name.
        package init(rawValue: String) { self.rawValue = rawValue }

        /// There is nothing to score.
        package static let nothingToScore = Code(rawValue: "nothingToScore")
        /// A caption has no references, a question no answers, a picture or text no partner.
        package static let missingReference = Code(rawValue: "missingReference")
        /// A data set's file is not of its format, or contradicts itself.
        package static let invalidAnnotations = Code(rawValue: "invalidAnnotations")
        /// Numbers of rows, columns or partners do not fit together.
        package static let wrongShape = Code(rawValue: "wrongShape")
    }

    /// What kind of error it is.
    package let code: Code
    /// One sentence: what is wrong with what, and what to do.
    package let message: String

    /// - Parameters:
    ///   - code: the kind of error.
    ///   - message: one sentence: what is wrong with what, and what to do.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
