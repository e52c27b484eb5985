import BlipErrors

/// Why words could not be written, in one sentence that names the picture.
package struct WriteBackError: DescribedError {
    package let message: String

    init(_ message: String) { self.message = message }
}
