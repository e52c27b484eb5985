import Foundation

extension FileManager {
    /// Whether there is a folder, or a link to one.
    func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}

extension String {
    /// The path of something below this folder, which is left as it was written.
    func joined(toPath below: String) -> String {
        hasSuffix("/") ? self + below : "\(self)/\(below)"
    }
}
