import Foundation
import BlipPictures

/// What a folder has, by names as bytes: Foundation leaves out those that are not UTF-8.
struct FolderEntries: Sequence {
    struct Entry {
        let name: [UInt8]
        fileprivate let type: UInt8

        enum Kind { case folder, file, missing, other }

        var isLink: Bool { type == UInt8(DT_LNK) }
        var isHidden: Bool { name.first == UInt8(ascii: ".") }

        /// Whether it is a folder that is no user's: thumbnails, waste baskets and snapshots.
        var isSystemFolder: Bool {
            Self.systemFolders.contains(String(decoding: name, as: UTF8.self).lowercased())
        }

        private static let systemFolders: Set = [
            // Synology, QNAP
            "@eadir", "@tmp", "#recycle", "#snapshot", "@__thumb", "@recycle", "@recently-snapshot",
            // Windows, macOS, Linux
            "$recycle.bin", "system volume information", "__macosx", "lost+found",
        ]

        /// What it is, or what it leads to.
        func kind(at path: RawPath) -> Kind {
            switch type {
            case UInt8(DT_DIR): return .folder
            case UInt8(DT_REG): return .file
            // Some file systems do not tell.
            case UInt8(DT_LNK), UInt8(DT_UNKNOWN): break
            default: return .other
            }
            guard let status = path.status else { return .missing }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: return .folder
            case S_IFREG: return .file
            default: return .other
            }
        }
    }

    private let entries: [Entry]
    /// Whether reading stopped at an error.
    let endedEarly: Bool

    /// - Returns: `nil` for a folder that cannot be read.
    init?(_ folder: RawPath) {
        guard let stream = folder.withCString({ opendir($0) }) else { return nil }
        defer { closedir(stream) }
        var entries: [Entry] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            // A name may be longer than its field, which stands last.
            guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { break }
            let name = UnsafeRawPointer(entry) + offset
            let bytes = UnsafeRawBufferPointer(
                start: name, count: strlen(name.assumingMemoryBound(to: CChar.self)))
            entries.append(Entry(name: Array(bytes), type: entry.pointee.d_type))
        }
        endedEarly = errno != 0
        self.entries = entries
    }

    func makeIterator() -> IndexingIterator<[Entry]> { entries.makeIterator() }
}
