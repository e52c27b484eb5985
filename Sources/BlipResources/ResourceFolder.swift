package import Foundation

/// The folders with which some targets of this package come: `swift-blip_TARGET.resources`.
///
/// SwiftPM's `Bundle.module` ends a program that is moved without them.
package enum ResourceFolder {
    /// Looks beside the program, where an app has its resources, and in `lib/swift-blip` and
    /// `share/swift-blip` of the folder above the program's.
    ///
    /// - Parameter target: whose files they are.
    /// - Returns: where they are; where they should be, beside the program, if they are nowhere.
    package static func url(of target: String) -> URL {
        let name = "swift-blip_\(target).\(suffix)"
        let beside = Bundle.main.bundleURL.appending(path: name)
        return places.map { $0.appending(path: name) }
            .first { FileManager.default.fileExists(atPath: $0.path) } ?? beside
    }

    private static var places: [URL] {
        let program = (Bundle.main.executableURL ?? Bundle.main.bundleURL)
            .resolvingSymlinksInPath().deletingLastPathComponent()
        let above = program.deletingLastPathComponent()
        return [
            program, Bundle.main.resourceURL, Bundle.main.bundleURL,
            above.appending(path: "lib/swift-blip"), above.appending(path: "share/swift-blip"),
        ].compactMap(\.self) + ownBundles
    }

    #if canImport(Darwin)
        private static let suffix = "bundle"
        /// Tests are a bundle, and another program runs them.
        private static var ownBundles: [URL] {
            final class Anchor {}
            return [Bundle(for: Anchor.self).bundleURL.deletingLastPathComponent()]
        }
    #else
        private static let suffix = "resources"
        private static let ownBundles: [URL] = []
    #endif
}
