import BlipErrors

/// Why a stream gave no frames: a sentence without its end and without credentials.
package struct StreamError: DescribedError {
    package let message: String

    package init(_ message: String) { self.message = message }
}
