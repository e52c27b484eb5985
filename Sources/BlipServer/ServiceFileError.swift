public import BlipErrors

/// A file that the service needs is not as it should be; one sentence that says what to do.
public struct ServiceFileError: DescribedError {
    public let message: String

    init(_ message: String) { self.message = message }
}
