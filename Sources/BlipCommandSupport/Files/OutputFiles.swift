import BLIP
package import Foundation
import BlipPictures

/// The files that a command is told to write: none of them a file that it reads, or another that it
/// writes.
package struct OutputFiles {
    private var taken: Set<FileIdentity>

    /// - Parameter inputs: what the command reads; it need not be there.
    package init(reading inputs: some Sequence<URL>) {
        taken = Set(inputs.compactMap(FileIdentity.init))
    }

    /// Refuses, before a long run, what cannot be written and what would be overwritten.
    package mutating func add(_ file: URL, option: String) throws {
        try Self.checkName(file.path, option: option)
        let folder = file.followingLinks.deletingLastPathComponent().path
        guard let identity = FileIdentity(file), FileManager.default.isWritableFile(atPath: folder)
        else { throw Self.unwritable(file) }
        guard identity.isRegular else {
            throw Failure(.usage, "\(option) \(file.path) is no file; name one.")
        }
        guard taken.insert(identity).inserted else {
            throw Failure(
                .usage,
                "\(option): \(file.path) would overwrite a file that this command reads, or "
                    + "another that it writes; choose another place.")
        }
    }

    /// Refuses a name that is not UTF-8: Foundation would take another one.
    package static func checkName(_ path: String, option: String) throws {
        let raw = RawPath(argument: path)
        guard raw.bytes.elementsEqual(path.utf8) else {
            throw Failure(
                .usage,
                "\(option) \(raw): only pictures may have such a name, which is not UTF-8; choose "
                    + "another.")
        }
    }

    package static func unwritable(_ file: URL) -> Failure {
        Failure(
            .cannotWrite,
            "\(file.path) cannot be written: check that its folder is there, that you may write in it "
                + "and that its disk has room.")
    }
}

/// Which file a path leads to: the same for every spelling of it, and through links of either kind.
package struct FileIdentity: Hashable {
    private let device: UInt64
    private let number: UInt64
    /// Of a file that is not there, its name; the numbers are its folder's.
    private let name: String?
    /// Not so of a folder, a pipe or a device.
    package let isRegular: Bool

    /// `nil` for a file that cannot be there, for want of a folder.
    package init?(_ file: URL) {
        var status = stat()
        var missing: String?
        if stat(file.path, &status) != 0 {
            let target = file.followingLinks
            guard stat(target.deletingLastPathComponent().path, &status) == 0 else { return nil }
            missing = target.lastPathComponent
        }
        name = missing
        isRegular = missing != nil || status.st_mode & S_IFMT == S_IFREG
        device = UInt64(truncatingIfNeeded: status.st_dev)
        number = UInt64(truncatingIfNeeded: status.st_ino)
    }
}
