import BlipPictures
import Foundation

/// A new file beside one that it shall take the place of: with its rights, owner and extended attributes, and
/// only when it is whole.
struct FileReplacement {
    /// The file that is replaced, without links; it need not be there.
    let target: RawPath
    /// Where the new file is made.
    let file: RawPath
    private let before: stat?

    /// Removes what an earlier run left that was killed.
    init(of target: RawPath) {
        self.target = target
        before = target.status
        let ending = target.plainEnding.map { "." + $0 } ?? ""
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in target.lastComponent.bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        file = target.folder.appending(".blip-\(String(hash, radix: 16))\(ending)".utf8)
        discard()
    }

    func discard() { _ = file.withCString { unlink($0) } }

    /// Puts the new file in place.
    ///
    /// - Parameter keepsTimes: whether its times of change and access are the old file's.
    func commit(keepsTimes: Bool) throws(WriteBackError) {
        let name = target.description
        let descriptor = file.withCString { open($0, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw failure }
        defer { close(descriptor) }
        if let before {
            guard let now = target.status, now.st_ino == before.st_ino,
                now.st_size == before.st_size,
                now.modified == before.modified
            else {
                throw WriteBackError("\(name) changed while its words were written; try again.")
            }
            // Only root may give a file away; what the owner is then is for whoever runs this.
            _ = fchown(descriptor, before.st_uid, before.st_gid)
            guard fchmod(descriptor, before.st_mode & 0o7777) == 0 else { throw failure }
            copyAttributes()
            if keepsTimes {
                var times = [before.accessed, before.modified]
                guard futimens(descriptor, &times) == 0 else { throw failure }
            }
        }
        guard fsync(descriptor) == 0,
            file.withCString({ from in target.withCString { rename(from, $0) } }) == 0
        else { throw failure }
    }

    private var failure: WriteBackError {
        WriteBackError(
            "\(target) cannot be written: check that you may write in its folder and that its disk has room."
        )
    }

    /// Tags, labels and access lists; a file system that has none is no error.
    private func copyAttributes() {
        // Foundation knows no names that are not UTF-8.
        guard let from = String(validating: target.bytes, as: UTF8.self),
            let to = String(validating: file.bytes, as: UTF8.self),
            let found = try? FileManager.default.attributesOfItem(atPath: from)[Self.attributes]
        else { return }
        try? FileManager.default.setAttributes([Self.attributes: found], ofItemAtPath: to)
    }

    private static let attributes = FileAttributeKey(rawValue: "NSFileExtendedAttributes")
}

extension stat {
    #if canImport(Darwin)
        fileprivate var modified: timespec { st_mtimespec }
        fileprivate var accessed: timespec { st_atimespec }
    #else
        fileprivate var modified: timespec { st_mtim }
        fileprivate var accessed: timespec { st_atim }
    #endif
}

extension timespec {
    fileprivate static func == (first: timespec, second: timespec) -> Bool {
        first.tv_sec == second.tv_sec && first.tv_nsec == second.tv_nsec
    }
}
