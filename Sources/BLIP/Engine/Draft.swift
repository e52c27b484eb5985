package import Foundation

/// A file that is written beside its place, as `.NAME.draft`, and renamed: what was there stays whole until then.
///
/// Where a program is killed, Foundation's atomic write leaves a file whose name nobody knows. A draft that was left is
/// taken by the next write of the same file. It is locked as long as somebody writes it.
package enum Draft {
    private static let ending = ".draft"

    /// Writes a file.
    ///
    /// - Throws: what the disk says; what was there stays then, and nothing is left beside it.
    package static func write(_ data: Data, to file: URL) throws {
        // Foundation tells best what is wrong, and gives way to nobody who writes the same file now.
        guard replace(file, with: data) else { return try data.write(to: file, options: .atomic) }
    }

    private static func replace(_ file: URL, with data: Data) -> Bool {
        let draft = file.deletingLastPathComponent()
            .appending(path: ".\(file.lastPathComponent)\(ending)")
        let descriptor = open(draft.path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { return false }
        // Locked until it has its name.
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            // Where the file system has no locks, nobody would take it again.
            if errno != EWOULDBLOCK { unlink(draft.path) }
            return false
        }
        guard leads(draft, to: descriptor) else { return false }
        // Whoever may not read the file may not read the next one either.
        var old = stat()
        if lstat(file.path, &old) == 0, old.st_mode & S_IFMT == S_IFREG {
            // Its owner may write it in any case, so that a draft that is left can be taken.
            _ = fchmod(descriptor, old.st_mode & 0o777 | 0o200)
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        let isWhole =
            ftruncate(descriptor, 0) == 0 && (try? handle.write(contentsOf: data)) != nil
            && fsync(descriptor) == 0
        if isWhole, rename(draft.path, file.path) == 0 { return true }
        unlink(draft.path)
        return false
    }

    /// Whether a name is still that of an open file: another program may have renamed it before it was locked.
    private static func leads(_ name: URL, to descriptor: CInt) -> Bool {
        var (opened, named) = (stat(), stat())
        return fstat(descriptor, &opened) == 0 && lstat(name.path, &named) == 0
            && opened.st_ino == named.st_ino
    }

    /// Removes the drafts in a folder that were left.
    ///
    /// - Parameter isOurs: tells by the name of a draft's file whether the folder's owner wrote it.
    package static func removeLeft(in folder: URL, of isOurs: (String) -> Bool) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        for name in names where name.hasPrefix(".") && name.hasSuffix(ending) {
            guard isOurs(String(name.dropFirst().dropLast(ending.count))) else { continue }
            removeIfLeft(folder.appending(path: name))
        }
    }

    /// Removes a draft, of whatever name, that nobody has locked.
    package static func removeIfLeft(_ draft: URL) {
        let descriptor = open(draft.path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, leads(draft, to: descriptor) else {
            return
        }
        unlink(draft.path)
    }
}
