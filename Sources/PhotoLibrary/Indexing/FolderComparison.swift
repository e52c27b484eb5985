import BlipCommandSupport
import BlipPictures
import Foundation

/// What is in folders, compared with what a library has of them; nothing is read but names and dates.
struct FolderComparison {
    /// A file that is to be looked into.
    struct Candidate: Sendable {
        enum Reason: Sendable {
            /// The library has no such path.
            case new
            /// Its bytes may be others.
            case changed
            /// Another model saw it.
            case otherModel
            /// The words beside it may be others.
            case sidecar
        }

        let path: RawPath
        let reason: Reason
        let known: KnownFile?
    }

    private(set) var candidates: [Candidate] = []
    private(set) var gone: [KnownFile] = []
    private(set) var unchanged = 0
    /// Files that could not be read then and have not changed since.
    private(set) var stillBroken: [KnownFile] = []
    /// Pictures that another model saw, where that is no reason to look again.
    private(set) var seenByOthers = 0
    /// Folders that cannot be read.
    private(set) var unreadable: [RawPath] = []
    /// Folders of which the library has pictures, and that hold none now; those stay.
    private(set) var emptied: [RawPath] = []
    /// How many files lay on disks that are not at those places now; they stay.
    private(set) var away: [RawPath: Int] = [:]
    /// Unchanged files of which the library does not know what they lie on.
    private(set) var relocated: [KnownFile] = []
    /// Disks that the library did not know of.
    private(set) var newDisks: Set<RawPath> = []
    /// Folders that it took for disks, and that are none any more.
    private(set) var formerDisks: Set<RawPath> = []

    private let models: IndexModels
    private let options: IndexOptions
    private let fileSystems: FileSystems
    /// Of folders that files are missing from: the nearest that is there, and what that lies on.
    private var nearest: [RawPath: (folder: RawPath, fileSystem: Int64?)] = [:]

    init(models: IndexModels, _ options: IndexOptions, _ fileSystems: FileSystems) {
        self.models = models
        self.options = options
        self.fileSystems = fileSystems
    }

    /// Compares a folder, or a file.
    mutating func add(_ root: RawPath, _ walk: FolderWalk?, in library: Library) throws {
        let present = walk?.pictures ?? [root]
        unreadable += walk?.unreadable ?? []
        let hidden = walk?.unreadable ?? []
        let disks = try library.disks(in: root)
        let (absent, replaced) = compare(disks, of: root, walk, present)
        var keptOn: Set<RawPath> = []
        var missing: [KnownFile] = []
        var next = 0
        try library.read { database in
            try KnownFile.forEach(in: root, of: database) { known in
                while next < present.count, present[next] < known.path {
                    candidates.append(.init(path: present[next], reason: .new, known: nil))
                    next += 1
                }
                if next < present.count, present[next] == known.path {
                    compare(known)
                    next += 1
                } else if hidden.contains(where: { $0.contains(known.path) }) {
                    return
                } else if let disk = absent.first(where: { $0.contains(known.path) }) {
                    keptOn.insert(disk)
                } else if let place = placeOfOtherDisk(known, disks, replaced) {
                    away[place, default: 0] += 1
                } else {
                    missing.append(known)
                }
            }
        }
        candidates += present[next...].map { .init(path: $0, reason: .new, known: nil) }
        let forgets = options.emptiesFolders || options.emptiesPlaces
        if walk != nil, present.isEmpty, !missing.isEmpty, !forgets {
            emptied.append(root)
        } else {
            gone += missing
        }
        emptied += keptOn.sorted()
        formerDisks.formUnion(replaced.filter { away[$0] == nil })
    }

    /// Of a missing file that lay on another disk than what is there now: that disk's place.
    ///
    /// - Parameter replaced: disks that are none any more; of what has nothing that lasts only they tell.
    private mutating func placeOfOtherDisk(
        _ known: KnownFile, _ disks: [RawPath], _ replaced: [RawPath]
    ) -> RawPath? {
        guard !options.emptiesFolders else { return nil }
        guard let then = known.fileSystem else { return replaced.last { $0.contains(known.path) } }
        let folder = known.path.folder
        let found = nearest[folder] ?? nearestThere(above: known.path)
        nearest[folder] = found
        guard found.fileSystem != then else { return nil }
        return disks.last { $0.contains(known.path) } ?? found.folder
    }

    private func nearestThere(above path: RawPath) -> (folder: RawPath, fileSystem: Int64?) {
        let slash = UInt8(ascii: "/")
        var rest = path.bytes[...]
        while let end = rest.lastIndex(of: slash) {
            rest = rest[..<end]
            let folder = RawPath(bytes: rest.isEmpty ? [slash] : rest)
            if let status = folder.status {
                return (folder, fileSystem(of: folder, device: FileStamp(status).device))
            }
        }
        return (path, nil)
    }

    private func fileSystem(of path: RawPath, device: Int64) -> Int64? {
        fileSystems.identity(of: path, device: device).flatMap(fileSystems.number)
    }

    /// Compares the disks that the library knows of in a place with those that are there.
    ///
    /// - Returns: disks and links below it that hold no pictures now, or are not there; and disks in whose places
    ///   other folders hold some.
    private mutating func compare(
        _ disks: [RawPath], of root: RawPath, _ walk: FolderWalk?, _ present: [RawPath]
    ) -> (absent: [RawPath], replaced: [RawPath]) {
        guard let walk else { return ([], []) }
        let holdsPictures = { (disk: RawPath) in present.contains(where: disk.contains) }
        let known = Set(disks)
        let found = Set(walk.disks.filter(holdsPictures))
        newDisks.formUnion(found.subtracting(known))
        let rest = known.subtracting(walk.disks)
        guard !options.emptiesFolders else {
            formerDisks.formUnion(rest)
            return ([], [])
        }
        // The place itself is one only where its disk is gone: of one that is there the options tell.
        let absent = known.filter {
            !holdsPictures($0) && ($0 != root || !walk.disks.contains(root))
        }
        return (absent.sorted() + walk.danglingLinks, rest.filter(holdsPictures).sorted())
    }

    private mutating func compare(_ known: KnownFile) {
        let path = known.path
        guard let stamp = FileStamp(of: path), stamp.isSame(as: known.stamp) else {
            candidates.append(.init(path: path, reason: .changed, known: known))
            return
        }
        guard known.picture != nil else {
            stillBroken.append(known)
            return
        }
        if models.differ(from: known) {
            guard !options.updatesModel else {
                candidates.append(.init(path: path, reason: .otherModel, known: known))
                return
            }
            seenByOthers += 1
        }
        let identity = fileSystems.identity(of: path, device: stamp.device)
        if identity != nil, identity.flatMap(fileSystems.number) != known.fileSystem {
            relocated.append(known)
        }
        if Sidecar.mark(Sidecar(of: path)) != known.sidecar {
            candidates.append(.init(path: path, reason: .sidecar, known: known))
        } else {
            unchanged += 1
        }
    }

    /// Takes out the new files that are known ones under other names: the same inode, size and date.
    mutating func takeRenamed() -> [(file: KnownFile, to: RawPath, stamp: FileStamp)] {
        guard !gone.isEmpty else { return [] }
        var missing = Dictionary(gone.map { ($0.stamp, $0) }) { first, _ in first }
        var renamed: [(file: KnownFile, to: RawPath, stamp: FileStamp)] = []
        candidates.removeAll { candidate in
            guard candidate.known == nil, let stamp = FileStamp(of: candidate.path),
                let file = missing[stamp], file.picture != nil, !models.differ(from: file)
            else { return false }
            missing[stamp] = nil
            renamed.append((file, candidate.path, stamp))
            return true
        }
        let taken = Set(renamed.map(\.file.path))
        gone.removeAll { taken.contains($0.path) }
        return renamed
    }
}
