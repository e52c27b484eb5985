public import Foundation

/// The user's folders, as the XDG base directory specification places them.
package enum UserFolder {
    /// The same that pulled checkpoints lie in.
    package static var cache: URL { folder("XDG_CACHE_HOME", or: ".cache") }
    /// What the user would miss: the library of photos.
    package static var data: URL { folder("XDG_DATA_HOME", or: ".local/share") }
    package static var configuration: URL { folder("XDG_CONFIG_HOME", or: ".config") }

    /// (Foundation asks the user database before HOME.)
    private static func folder(_ variable: String, or name: String) -> URL {
        let environment = ProcessInfo.processInfo.environment
        // The specification wants relative paths to be ignored.
        if let folder = environment[variable], folder.hasPrefix("/") {
            return URL(filePath: folder, directoryHint: .isDirectory)
        }
        let home =
            environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }.map { URL(filePath: $0) }
            ?? FileManager.default.homeDirectoryForCurrentUser
        return home.appending(path: name)
    }
}

extension RuntimeOptions {
    /// Where the program `blip` keeps compiled models too: `$XDG_CACHE_HOME/swift-blip/compiled`, or the same in
    /// `~/.cache`; a value for ``cacheDirectory``.
    public static var userCacheDirectory: URL {
        UserFolder.cache.appending(path: "swift-blip/compiled")
    }
}
