internal import BLIP
import Foundation

/// The folder that a conversion is written to, in which at every moment the old one or the new one is
/// whole.
///
/// New files are made in a hidden folder inside it. When they are whole, the manifest names that folder,
/// which is one step, and from then on it is the model. Its files take the old ones' places; at last the
/// manifest names it no more, and it goes. What a program that was killed leaves behind goes with the next
/// conversion. All of that is inside, not beside: so the folder may be a link, a mount point, or the one
/// that a shell is in.
struct ConversionFolder {
    /// Where the new files are made.
    let staging: URL
    private let url: URL
    private let isNew: Bool
    private let lock: FolderLock
    /// Whether the manifest may name the hidden folder, whose files are then the model.
    private var mayBeNamed = false

    /// What systems put into folders by themselves.
    private static let ignored: Set = ["lost+found", ".DS_Store"]
    /// Everything that a conversion may have.
    private static let names = Set(
        [ConversionManifest.fileName] + CheckpointFiles.companionNames
            + ModelPart.allCases.flatMap { ["\($0).bin", "\($0).xml"] })

    /// Makes the folder, where it is not there, and the hidden one in it.
    ///
    /// - Throws: `BlipError` for what is no folder, for one that holds anything but a conversion, and
    ///   while another program converts to it.
    init(_ output: URL) throws {
        let files = FileManager.default
        url = output.followingLinks
        isNew = !files.fileExists(atPath: url.path)
        if isNew { try files.createDirectory(at: url, withIntermediateDirectories: true) }
        guard url.isFolder else {
            throw BlipError(
                .invalidOption, "\(output.path) exists and is no folder; choose another place")
        }
        lock = try FolderLock(url)
        let manifest = try? Data(contentsOf: url.appending(path: ConversionManifest.fileName))
        let names = try files.contentsOfDirectory(atPath: url.path).filter {
            !Self.ignored.contains($0)
        }
        let left = names.filter(StagingFolder.isOne)
        let foreign = Set(names).subtracting(left).filter { [url] name in
            let type = try? files.attributesOfItem(atPath: url.appending(path: name).path)[.type]
            return manifest == nil || !Self.names.contains(name)
                || type as? FileAttributeType == .typeDirectory
        }
        if let name = foreign.min() {
            throw BlipError(
                .invalidOption,
                "\(output.path) holds \(name), which is no file of a conversion; move it away or choose "
                    + "another folder")
        }
        // The one that the manifest names is the model.
        let model = manifest.flatMap(ConversionManifest.staging)
        for name in left where name != model { try files.removeItem(at: url.appending(path: name)) }
        staging = url.appending(path: StagingFolder.makeName())
        try files.createDirectory(at: staging, withIntermediateDirectories: false)
    }

    /// Makes the hidden folder's files the model, once all of them are there.
    mutating func commit(_ manifest: ConversionManifest) throws {
        try manifest.write(to: staging.appending(path: ConversionManifest.fileName))
        var named = manifest
        named.staging = staging.lastPathComponent
        let step = staging.appending(path: ".step")
        try named.write(to: step)
        // Before: over a network, what is told to have failed may have happened.
        mayBeNamed = true
        try replace(ConversionManifest.fileName, with: step)

        let files = FileManager.default
        let made = Set(try files.contentsOfDirectory(atPath: staging.path))
        // Other programs, which know no manifest, shall find no graph with another's weights.
        let stale = Self.names.filter { $0.hasSuffix(".xml") || !made.contains($0) }
        for name in stale where files.fileExists(atPath: url.appending(path: name).path) {
            try files.removeItem(at: url.appending(path: name))
        }
        // A .bin before its .xml, the manifest last of all.
        for name in made.subtracting([ConversionManifest.fileName]).sorted()
            + [ConversionManifest.fileName]
        {
            let file = staging.appending(path: name)
            // Some file systems have no links.
            if link(file.path, step.path) != 0 { try files.copyItem(at: file, to: step) }
            try replace(name, with: step)
        }
        mayBeNamed = false
        // Now also that of a conversion which was killed when its files were the model.
        for name in try files.contentsOfDirectory(atPath: url.path) where StagingFolder.isOne(name)
        {
            try files.removeItem(at: url.appending(path: name))
        }
    }

    /// Removes the hidden folder, but where its files are the model and could not take their places.
    func close() {
        if mayBeNamed { return }
        try? FileManager.default.removeItem(at: staging)
        // Fails, as it should, where anything is in it.
        if isNew { rmdir(url.path) }
    }

    private func replace(_ name: String, with file: URL) throws {
        let place = url.appending(path: name)
        guard rename(file.path, place.path) == 0 else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: place.path])
        }
    }
}

/// A lock on a folder between programs; it goes with the process, however that ends.
private final class FolderLock {
    private let descriptor: CInt

    init(_ folder: URL) throws {
        descriptor = open(folder.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CocoaError(.fileReadNoPermission) }
        // Where file systems have no locks, there is none.
        guard flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else { return }
        throw BlipError(
            .unwritable,
            "\(folder.path) is being written by another conversion; wait until it has finished, or "
                + "choose another folder")
    }

    deinit { close(descriptor) }
}
