package import Foundation

extension URL {
    /// The file or folder that a path leads to through links, also where it is not there yet, of which
    /// `resolvingSymlinksInPath` gives the link.
    package var followingLinks: URL {
        var url = resolvingSymlinksInPath()
        // As many as systems follow; links may lead to each other.
        for _ in 0..<40 {
            guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: url.path)
            else { break }
            let folder = url.deletingLastPathComponent().path
            url = URL(filePath: target.hasPrefix("/") ? target : "\(folder)/\(target)")
        }
        return url
    }
}
