import Foundation

/// The hidden folder in a converted one, in which a conversion makes its files.
package enum StagingFolder {
    private static let prefix = ".swift-blip-"

    package static func makeName() -> String { prefix + UUID().uuidString }

    /// Whether an entry of a folder has such a name.
    package static func isOne(_ name: String) -> Bool {
        name.hasPrefix(prefix) && UUID(uuidString: String(name.dropFirst(prefix.count))) != nil
    }
}
