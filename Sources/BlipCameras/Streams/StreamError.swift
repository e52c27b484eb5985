/// Why a stream gave no frames: a sentence without its end and without credentials.
package struct StreamError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
