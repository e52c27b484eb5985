import Foundation

/// The folder of compiled models: whole files only, and none for ever.
///
/// The name of a compiled model holds the state of its weights' files, so each new copy or conversion of
/// a checkpoint leaves behind what nothing will ask for again.
enum CompiledModelFolder {
    /// How long one is kept that is not used.
    private static let days = 30.0
    private static let temporaryPrefix = ".swift-blip-"

    /// Adds a compiled model, which OpenVINO would write in its place: another program that starts at
    /// the same time would map a file that is not whole yet, or that is cut off under it.
    ///
    /// - Parameters:
    ///   - file: its place.
    ///   - compile: keeps it, by the same name, in the folder that it is given.
    static func adding<Result>(_ file: URL, _ compile: (URL) throws -> Result) throws -> Result {
        let folder = file.deletingLastPathComponent()
        let temporary = folder.appending(path: temporaryPrefix + UUID().uuidString)
        try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: temporary) }
        let result = try compile(temporary)
        // Of two that are added at a time the last one stays; the other stays mapped where it is used.
        rename(temporary.appending(path: file.lastPathComponent).path, file.path)
        deleteUnused(in: folder)
        return result
    }

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
        for file in files ?? [] {
            guard
                let values = try? file.resourceValues(
                    forKeys: [.contentModificationDateKey, .isRegularFileKey]),
                // The user's own files may lie here too. Of ours, folders are what a program that was
                // killed was about to add.
                values.isRegularFile == true
                    ? file.pathExtension == "blob"
                    : file.lastPathComponent.hasPrefix(temporaryPrefix),
                let date = values.contentModificationDate, date < oldest
            else { continue }
            try? FileManager.default.removeItem(at: file)
        }
    }
}
