import Foundation

/// The folder of compiled models: whole ones only, and none for ever.
///
/// Each has a folder of its own, of a name that only this program gives: other programs keep their
/// models by OpenVINO under names like ours, and they may lie here too. Its name holds the state of
/// its weights' files, so each new copy or conversion of a checkpoint leaves behind what nothing will
/// ask for again.
enum CompiledModelFolder {
    /// How long one is kept that is not used.
    private static let days = 30.0
    private static let prefix = "swift-blip-"
    private static let temporaryPrefix = ".swift-blip-"
    private static let others = "openvino"

    /// The folder of one compiled model, in a folder of them.
    static func place(of id: UInt64, in folder: URL) -> URL {
        folder.appending(path: "\(prefix)\(id)", directoryHint: .isDirectory)
    }

    /// Where devices keep theirs that name them themselves.
    static func placeOfOthers(in folder: URL) -> URL {
        folder.appending(path: prefix + others, directoryHint: .isDirectory)
    }

    /// Adds a compiled model, which OpenVINO would write in its place: another program that starts at
    /// the same time would map a file that is not whole yet, or that is cut off under it.
    ///
    /// - Parameters:
    ///   - place: see ``place(of:in:)``.
    ///   - compile: keeps it in the folder that it is given.
    static func adding<Result>(_ place: URL, _ compile: (URL) throws -> Result) throws -> Result {
        let folder = place.deletingLastPathComponent()
        let temporary = folder.appending(path: temporaryPrefix + UUID().uuidString)
        try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: temporary) }
        let result = try compile(temporary)
        // Of two that are added at a time the first one stays; the other stays mapped where it is used.
        rename(temporary.path, place.path)
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
    private static func deleteUnused(in folder: URL) {
        let oldest = Date.now - days * 24 * 60 * 60
        for place in entries(of: folder, .typeDirectory) where isOurs(place.name) {
            for blob in entries(of: place.url, .typeRegular)
            where blob.date < oldest && isCompiledModel(blob.name) {
                try? FileManager.default.removeItem(at: blob.url)
            }
            // Fails, as it should, where anything else is in it.
            if place.date < oldest { rmdir(place.url.path) }
        }
    }

    /// Whether a folder is one that this program made; some are what one that was killed was about to
    /// add.
    private static func isOurs(_ name: String) -> Bool {
        if name.hasPrefix(temporaryPrefix) {
            return UUID(uuidString: String(name.dropFirst(temporaryPrefix.count))) != nil
        }
        let rest = name.dropFirst(prefix.count)
        return name.hasPrefix(prefix) && (UInt64(rest) != nil || rest == others)
    }

    private static func isCompiledModel(_ name: String) -> Bool {
        name.hasSuffix(".blob") && UInt64(name.dropLast(".blob".count)) != nil
    }

    private typealias Entry = (url: URL, name: String, date: Date)

    /// What is of a type in a folder, links not followed.
    private static func entries(of folder: URL, _ type: FileAttributeType) -> [Entry] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.compactMap { name in
            let url = folder.appending(path: name)
            let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
            guard attributes?[.type] as? FileAttributeType == type,
                let date = attributes?[.modificationDate] as? Date
            else { return nil }
            return (url, name, date)
        }
    }
}
