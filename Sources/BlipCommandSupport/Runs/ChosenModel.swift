package import Foundation

/// The model that a command runs.
package struct ChosenModel: Sendable {
    /// As it was named.
    package let name: String
    package let location: URL
    /// Whether it came with the program.
    let isEmbedded: Bool

    package init(name: String, location: URL, isEmbedded: Bool) {
        self.name = name
        self.location = location
        self.isEmbedded = isEmbedded
    }

    /// For reports.
    package var title: String { isEmbedded ? "\(name) (embedded)" : name }
}
