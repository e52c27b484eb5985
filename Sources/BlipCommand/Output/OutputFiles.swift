import Foundation

/// The files that a command is told to write: none of them a file that it reads, or another that it
/// writes.
struct OutputFiles {
    private var taken: Set<FileIdentity>

    /// - Parameter inputs: what the command reads; it need not be there.
    init(reading inputs: some Sequence<URL>) {
        taken = Set(inputs.compactMap(FileIdentity.init))
    }

    /// Refuses, before a long run, what cannot be written and what would be overwritten.
    mutating func add(_ file: URL, option: String) throws {
        let folder = file.resolvingSymlinksInPath().deletingLastPathComponent().path
        guard let identity = FileIdentity(file), FileManager.default.isWritableFile(atPath: folder)
        else { throw Self.unwritable(file) }
        guard taken.insert(identity).inserted else {
            throw Failure(
                .usage,
                "\(option) \(file.relativePath) would overwrite a file that this command reads, or "
                    + "another that it writes; choose another place.")
        }
    }

    static func unwritable(_ file: URL) -> Failure {
        Failure(
            .cannotWrite,
            "\(file.lastPathComponent) cannot be written in "
                + "\(file.deletingLastPathComponent().path): check that the folder is there, that "
                + "you may write in it and that its disk has room.")
    }
}

/// Which file a path leads to: the same for every spelling of it, and through links of either kind.
struct FileIdentity: Hashable {
    private let device: UInt64
    private let number: UInt64
    /// Of a file that is not there, its name; the numbers are its folder's.
    private let name: String?

    /// `nil` for a file that cannot be there, for want of a folder.
    init?(_ file: URL) {
        var status = stat()
        var missing: String?
        if stat(file.path, &status) != 0 {
            // A link may lead to what is not there yet.
            let target = file.resolvingSymlinksInPath()
            guard stat(target.deletingLastPathComponent().path, &status) == 0 else { return nil }
            missing = target.lastPathComponent
        }
        name = missing
        device = UInt64(truncatingIfNeeded: status.st_dev)
        number = UInt64(truncatingIfNeeded: status.st_ino)
    }
}
