/// A mistake in a graph, found when the operation that makes it is added.
public struct GraphError: Error, Sendable, CustomStringConvertible {
    /// What was wrong, as one sentence that names the operation and the shapes.
    public let message: String
    /// Where in the source the operation was added, as `Module/File.swift:line`.
    public let location: String

    init(_ message: String, _ location: SourceLocation) {
        self.message = message
        self.location = "\(location.fileID):\(location.line)"
    }

    public var description: String { "\(message) (\(location))" }
}

/// Where an operation was added; every operation takes it as its last, defaulted argument.
public struct SourceLocation: Sendable {
    let fileID: String
    let line: Int

    public static func here(fileID: String = #fileID, line: Int = #line) -> SourceLocation {
        SourceLocation(fileID: fileID, line: line)
    }
}
