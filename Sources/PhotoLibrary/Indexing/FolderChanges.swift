import BlipCommandSupport
package import BlipPictures
import Foundation

#if os(Linux)
    import Glibc
#endif

/// Tells which of some folders, and those below, have changed.
///
/// On Linux by inotify: the system tells of each folder. Elsewhere, and where the system watches no more folders,
/// by time: all are compared again and again.
package final class FolderChanges {
    private let roots: [RawPath]
    #if os(Linux)
        private let descriptor: CInt
        private var folders: [CInt: RawPath] = [:]
        private var numbers: [RawPath: CInt] = [:]
    #endif
    /// Why folders are compared by time; `nil` where the system tells.
    package private(set) var fallback: String?

    /// How long nothing must happen before changes are looked into, so that a folder that is being copied is
    /// looked into once.
    private let quiet: Duration
    private let interval: Duration

    /// Watches from now on.
    ///
    /// - Parameters:
    ///   - roots: folders, and files.
    ///   - quiet: how long nothing must happen before changes are told.
    ///   - interval: between comparisons, where the system does not tell.
    package init(
        _ roots: [RawPath], quiet: Duration = .seconds(1), interval: Duration = .seconds(60)
    ) throws {
        self.roots = roots.map { $0.canonical ?? $0 }
        self.quiet = quiet
        self.interval = interval
        #if os(Linux)
            descriptor = inotify_init1(CInt(IN_NONBLOCK) | CInt(IN_CLOEXEC))
            if descriptor < 0 {
                fallback = Self.sentence("The system gives no more watches")
            } else {
                self.roots.forEach(watch)
            }
        #else
            fallback = Self.sentence("This system does not tell of changes")
        #endif
    }

    deinit {
        #if os(Linux)
            if descriptor >= 0 { close(descriptor) }
        #endif
    }

    private static func sentence(_ reason: String) -> String {
        "\(reason), so folders are compared every minute; on Linux, raise fs.inotify.max_user_watches."
    }

    /// Waits until something has changed, and nothing more for a while.
    ///
    /// - Returns: folders to be compared, which are there; those behind a link by their paths with the link, as
    ///   the library has them.
    /// - Throws: `CancellationError`.
    package func next() async throws -> [RawPath] {
        #if os(Linux)
            if fallback == nil {
                var changed: Set<RawPath> = []
                var last = ContinuousClock.now
                while changed.isEmpty || ContinuousClock.now - last < quiet {
                    if try take(&changed) { last = .now }
                    // A descriptor that a task waits for would hold a thread that all tasks share.
                    try await Task.sleep(for: min(quiet / 4, .milliseconds(200)))
                }
                return changed.filter { $0.status != nil }.sorted()
            }
        #endif
        try await Task.sleep(for: interval)
        return roots.filter { $0.status != nil }
    }

    #if os(Linux)
        private static let mask =
            UInt32(IN_CLOSE_WRITE) | UInt32(IN_MOVED_FROM) | UInt32(IN_MOVED_TO)
            | UInt32(IN_CREATE) | UInt32(IN_DELETE) | UInt32(IN_DELETE_SELF) | UInt32(IN_MOVE_SELF)

        /// A folder and those below.
        private func watch(_ root: RawPath) {
            guard root.status != nil else { return }
            let places = root.isFolder ? FolderWalk(root).folders : [root]
            for folder in places where numbers[folder] == nil {
                let number = folder.withCString { inotify_add_watch(descriptor, $0, Self.mask) }
                if number >= 0 {
                    folders[number] = folder
                    numbers[folder] = number
                } else if errno == ENOSPC || errno == ENOMEM {
                    fallback = Self.sentence("The system watches no more folders")
                    return
                }
            }
        }

        /// Reads what the system tells.
        ///
        /// - Returns: whether it told anything.
        private func take(_ changed: inout Set<RawPath>) throws -> Bool {
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            var hasNews = false
            while true {
                let count = buffer.withUnsafeMutableBytes {
                    read(descriptor, $0.baseAddress, $0.count)
                }
                guard count > 0 else { return hasNews }
                hasNews = true
                buffer.withUnsafeBytes { bytes in
                    take(UnsafeRawBufferPointer(rebasing: bytes[..<count]), &changed)
                }
            }
        }

        private func take(_ events: UnsafeRawBufferPointer, _ changed: inout Set<RawPath>) {
            // wd, mask, cookie, the name's length, and the name with zeros behind it.
            let headerBytes = 16
            var place = 0
            while place + headerBytes <= events.count {
                let number = events.loadUnaligned(fromByteOffset: place, as: CInt.self)
                let mask = events.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self)
                let length = Int(
                    events.loadUnaligned(fromByteOffset: place + 12, as: UInt32.self))
                let end = min(place + headerBytes + length, events.count)
                let name = events[place + headerBytes..<end].prefix { $0 != 0 }
                place += headerBytes + length
                if mask & UInt32(IN_Q_OVERFLOW) != 0 {
                    changed.formUnion(roots.compactMap(\.canonical))
                    continue
                }
                // A disk that goes takes no pictures from the library.
                guard mask & UInt32(IN_UNMOUNT) == 0, let folder = folders[number] else { continue }
                if mask & UInt32(IN_IGNORED) != 0 {
                    folders[number] = nil
                    numbers[folder] = nil
                    continue
                }
                changed.insert(folder)
                if mask & UInt32(IN_ISDIR) != 0, !name.isEmpty {
                    let below = folder.appending(name)
                    // A folder that was moved away is watched under its old name no more.
                    if mask & UInt32(IN_MOVED_FROM) != 0 { forget(below) }
                    watch(below)
                }
            }
        }

        private func forget(_ folder: RawPath) {
            for (path, number) in numbers where folder.contains(path) {
                inotify_rm_watch(descriptor, number)
                numbers[path] = nil
                folders[number] = nil
            }
        }
    #endif
}
