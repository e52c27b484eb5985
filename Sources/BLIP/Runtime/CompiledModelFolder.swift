import Foundation

/// Keeps the folder of compiled models from growing for ever.
///
/// The name of a compiled model holds the state of its weights' files, so each new copy or conversion of
/// a checkpoint leaves behind what nothing will ask for again.
enum CompiledModelFolder {
    /// How long one is kept that is not used.
    private static let days = 30.0

    /// Notes that a compiled model is used: its time of modification is that of its last use.
    static func didUse(_ file: URL) {
        // Of no effect where another owns it; then it is made again some day.
        try? FileManager.default.setAttributes(
            [.modificationDate: Date.now], ofItemAtPath: file.path)
    }

    /// Deletes the compiled models that were not used for long, which one that was just added is the
    /// occasion for. A program that has one mapped keeps it until it ends.
    static func deleteUnused(in folder: URL) {
        let oldest = Date.now - days * 24 * 60 * 60
        let files = try? FileManager.default.contentsOfDirectory(
            at: folder,
            includingPropertiesForKeys: [.contentModificationDateKey, .isRegularFileKey])
        for file in files ?? [] where file.pathExtension == "blob" {
            guard
                let values = try? file.resourceValues(
                    forKeys: [.contentModificationDateKey, .isRegularFileKey]),
                values.isRegularFile == true,
                let date = values.contentModificationDate, date < oldest
            else { continue }
            try? FileManager.default.removeItem(at: file)
        }
    }
}
