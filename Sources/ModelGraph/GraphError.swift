public import BlipErrors

/// A mistake in a graph, found when the operation that makes it is added or read, or behind the pass that made it.
public struct GraphError: DescribedError {
    /// What was wrong, as one sentence that names the operation and the shapes.
    public let message: String
    /// Where in the source the operation was added or the pass applied, as `Module/File.swift:line`, or where it
    /// stands in an IR that was read, as `IR:line`.
    public let location: String

    init(_ message: String, _ fileID: String, _ line: Int) {
        self.message = message
        location = "\(fileID):\(line)"
    }

    /// A mistake in an IR that was read.
    init(_ message: String, inLine line: Int) { self.init(message, "IR", line) }

    public var description: String { "\(message) (\(location))" }
}
