/// A mistake in a graph, found when the operation that makes it is added.
public struct GraphError: Error, Sendable, CustomStringConvertible {
    /// What was wrong, as one sentence that names the operation and the shapes.
    public let message: String
    /// Where in the source the operation was added, as `Module/File.swift:line`.
    public let location: String

    init(_ message: String, _ fileID: String, _ line: Int) {
        self.message = message
        location = "\(fileID):\(line)"
    }

    public var description: String { "\(message) (\(location))" }
}
