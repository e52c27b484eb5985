import Foundation

/// A token of the hub, and where it came from.
///
/// Its value is in no description, so that no message and no log can hold it.
public struct AccessToken: Sendable, Hashable {
    /// The environment variable or the file that it came from, for messages.
    public let source: String
    let value: String

    /// - Parameters:
    ///   - value: the token; line ends and the spaces around it are none of its.
    ///   - source: where it came from, for messages.
    /// - Returns: `nil` where nothing is left.
    public init?(_ value: String, from source: String) {
        let line = String(value.unicodeScalars.filter { $0 != "\r" && $0 != "\n" })
        self.value = line.trimmingCharacters(in: .whitespaces)
        self.source = source
        if self.value.isEmpty { return nil }
    }

    /// The header's value.
    ///
    /// - Throws: ``HubError`` for a token that no header can hold.
    func credentials() throws(HubError) -> String {
        guard value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw HubError(
                .unauthorized,
                "\(source) holds a character that no token has; set it anew, without quotes and spaces"
            )
        }
        return "Bearer \(value)"
    }
}

extension AccessToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "the token of \(source)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["source": source]) }
}
