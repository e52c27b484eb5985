import Foundation

/// A folder that stands for `/`, with made-up files of Linux; it goes with the test.
final class SystemRoot {
    let url = FileManager.default.temporaryDirectory
        .appending(path: "machine-\(UUID().uuidString)")

    /// - Parameter files: by path below the root.
    init(_ files: [String: String]) throws {
        for (path, text) in files {
            let file = url.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data((text + "\n").utf8).write(to: file)
        }
    }
    deinit { try? FileManager.default.removeItem(at: url) }
}
