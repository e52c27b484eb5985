import Foundation

/// A lock between programs: `flock` on a file of its own, as `huggingface_hub` places them.
///
/// It goes with the process, however that ends.
final class FileLock: Sendable {
    private let descriptor: Int32

    private init(owning descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Waits until nobody else has the lock; it is given back when the object goes.
    ///
    /// - Parameter waiting: called once, where somebody else has it.
    /// - Returns: `nil` on a file system that has no locks.
    /// - Throws: ``HubError`` where the file cannot be made, and `CancellationError`.
    static func acquire(_ file: URL, waiting: () -> Void) async throws -> FileLock? {
        var isWaiting = false
        try HubCache.makeFolder(file.deletingLastPathComponent())
        while true {
            let descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o664)
            guard descriptor >= 0 else {
                throw HubError(
                    .cacheFailed, "\(file.path): the lock cannot be made; check permissions")
            }
            let lock = FileLock(owning: descriptor)
            // Asked again and again instead of waited for: a task must not block its thread.
            while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
                guard errno == EWOULDBLOCK || errno == EINTR else { return nil }
                if !isWaiting { waiting() }
                isWaiting = true
                try await Task.sleep(for: .milliseconds(100))
            }
            // Another program may have removed the file meanwhile: then the lock is nobody's.
            var held = stat()
            var named = stat()
            if fstat(descriptor, &held) == 0, stat(file.path, &named) == 0,
                held.st_ino == named.st_ino, held.st_dev == named.st_dev
            {
                return lock
            }
        }
    }
}
