import BlipPictures
import Foundation

/// Tells a file system from others, also after it was away: the number of its device may be another one's then.
struct FileSystemIdentity: Hashable, Sendable {
    let name: String

    init(name: String) { self.name = name }

    /// Of where a path leads; `nil` where that has nothing that lasts.
    init?(of path: RawPath) {
        #if os(Linux)
            guard let real = path.canonical, let mount = Mount(of: real) else { return nil }
            let name =
                if Self.numbered.contains(mount.kind) {
                    Self.number(of: real).map { "\(mount.kind) \($0)" }
                } else if mount.isShare {
                    "share \(mount.source)"
                } else {
                    Self.uuid(of: real)
                }
            guard let name else { return nil }
            self.name = name
        #else
            return nil
        #endif
    }

    #if os(Linux)
        /// Those whose number is made from what is written in them, and not from their device's. A tmpfs has
        /// another one each time, and other files, too.
        private static let numbered: Set<String> = [
            "ext2", "ext3", "ext4", "btrfs", "zfs", "tmpfs",
        ]

        private static func number(of path: RawPath) -> String? {
            var status = statvfs()
            guard path.withCString({ statvfs($0, &status) }) == 0, status.f_fsid != 0 else {
                return nil
            }
            return String(status.f_fsid, radix: 16)
        }

        /// As udev knows a block device: of FAT, exFAT, NTFS, XFS and others.
        private static func uuid(of path: RawPath) -> String? {
            let folder = RawPath("/dev/disk/by-uuid")
            guard let device = path.status?.st_dev,
                let names = try? FileManager.default.contentsOfDirectory(
                    atPath: folder.description)
            else { return nil }
            return names.first { folder.appending($0.utf8).status?.st_rdev == device }
                .map { "uuid \($0)" }
        }
    #endif
}

#if os(Linux)
    /// What is mounted where a path leads.
    private struct Mount {
        let kind: String
        let source: String

        /// NFS, SMB and their like: `server:/folder`, `//server/share`.
        var isShare: Bool { source.contains(":/") || source.hasPrefix("//") }

        /// - Parameter path: without links.
        init?(of path: RawPath) {
            // Number, its parent's, device, root, place, options, ..., "-", kind, source, options.
            guard let mounts = try? Data(contentsOf: URL(filePath: "/proc/self/mountinfo")) else {
                return nil
            }
            var best: (place: RawPath, rest: ArraySlice<Data.SubSequence>)?
            for line in mounts.split(separator: UInt8(ascii: "\n")) {
                let fields = line.split(separator: UInt8(ascii: " "))
                guard fields.count > 6,
                    let dash = fields.dropFirst(6).firstIndex(where: { $0.elementsEqual("-".utf8) })
                else { continue }
                let place = RawPath(bytes: Self.unescaped(fields[4]))
                // Of two at one place the later one hides the other.
                guard place.contains(path), best.map({ $0.place.contains(place) }) ?? true else {
                    continue
                }
                best = (place, fields[(dash + 1)...])
            }
            guard let rest = best?.rest, rest.count > 1 else { return nil }
            kind = String(decoding: rest[rest.startIndex], as: UTF8.self)
            source = String(decoding: rest[rest.startIndex + 1], as: UTF8.self)
        }

        /// Spaces and their like are written as a backslash and three octal digits.
        private static func unescaped(_ field: Data.SubSequence) -> [UInt8] {
            var bytes: [UInt8] = []
            var rest = Array(field)[...]
            while let byte = rest.popFirst() {
                let digits = String(decoding: rest.prefix(3), as: UTF8.self)
                if byte == UInt8(ascii: "\\"), let coded = UInt8(digits, radix: 8) {
                    bytes.append(coded)
                    rest = rest.dropFirst(3)
                } else {
                    bytes.append(byte)
                }
            }
            return bytes
        }
    }
#endif

/// The file systems of a library, by their numbers in it.
///
/// For one run or transaction: only so long does a device's number stand for the same one.
final class FileSystems {
    private var identities: [Int64: FileSystemIdentity?] = [:]
    private var numbers: [FileSystemIdentity: Int64] = [:]

    func identity(of path: RawPath, device: Int64) -> FileSystemIdentity? {
        if let known = identities[device] { return known }
        let identity = FileSystemIdentity(of: path)
        identities[device] = .some(identity)
        return identity
    }

    func number(of identity: FileSystemIdentity) -> Int64? { numbers[identity] }

    func remember(_ identity: FileSystemIdentity, as number: Int64) { numbers[identity] = number }
}
