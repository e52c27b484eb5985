import BlipPictures
import Foundation

/// What a `stat` tells of a file: where it is unchanged, so is the file.
struct FileStamp: Hashable, Sendable {
    let size: Int64
    /// Nanoseconds since 1970.
    let modified: Int64
    let inode: Int64
    let device: Int64

    init(size: Int64, modified: Int64, inode: Int64, device: Int64) {
        self.size = size
        self.modified = modified
        self.inode = inode
        self.device = device
    }

    init(_ status: stat) {
        size = Int64(status.st_size)
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        modified = Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
        inode = Int64(truncatingIfNeeded: status.st_ino)
        device = Int64(truncatingIfNeeded: status.st_dev)
    }

    /// `nil` for what is no file, or may not be looked at.
    init?(of path: RawPath) {
        guard let status = path.status, status.st_mode & S_IFMT == S_IFREG else { return nil }
        self.init(status)
    }

    /// Whether a file has not changed. Devices are numbered anew when the machine starts, so they do not count.
    func isSame(as other: FileStamp) -> Bool {
        size == other.size && modified == other.modified && inode == other.inode
    }
}

extension RawPath {
    /// The path from the root on, without links; `nil` where there is nothing.
    var canonical: RawPath? {
        withCString { path in
            realpath(path, nil).map { found in
                defer { free(found) }
                return RawPath(
                    bytes: UnsafeRawBufferPointer(start: found, count: strlen(found)))
            }
        }
    }

    /// Whether something lies in this folder or below; a file contains itself.
    func contains(_ other: RawPath) -> Bool {
        other.bytes.prefix(bytes.count) == bytes[...]
            && (other.bytes.count == bytes.count || bytes.last == UInt8(ascii: "/")
                || other.bytes[bytes.count] == UInt8(ascii: "/"))
    }
}
