import Foundation

/// The user's folders, as the XDG base directory specification places them.
enum UserFolder {
    /// The same that pulled checkpoints lie in.
    static var cache: URL { folder("XDG_CACHE_HOME", or: ".cache") }
    /// What the user would miss: the library of photos.
    static var data: URL { folder("XDG_DATA_HOME", or: ".local/share") }
    static var configuration: URL { folder("XDG_CONFIG_HOME", or: ".config") }

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
