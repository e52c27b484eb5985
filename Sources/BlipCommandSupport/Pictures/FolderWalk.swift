import Foundation
package import BlipPictures

/// What lies in a folder and below: the pictures, and what of it is left out.
///
/// Links are followed, to a folder once; what is hidden, and what a system keeps for itself, is passed over.
package struct FolderWalk {
    /// In the order of their paths.
    package private(set) var pictures: [RawPath] = []
    /// Tar files, which only runs of parts look into.
    private(set) var archives: [RawPath] = []
    /// Folders that cannot be read.
    package private(set) var unreadable: [RawPath] = []
    /// Folders on another disk than the one that they lie in: mount points, and links to elsewhere.
    package private(set) var disks: [RawPath] = []
    /// Links that lead to nothing, and whose names are no pictures'.
    package private(set) var danglingLinks: [RawPath] = []
    private(set) var leftOut = LeftOut()
    /// All that were entered, the first included.
    package private(set) var folders: [RawPath] = []

    private var seen: Set<Place> = []

    /// Tells a folder from all others, by whatever path it is reached.
    private struct Place: Hashable {
        let device: dev_t
        let number: ino_t
    }

    /// A folder that is to be entered.
    private struct Entrance {
        let path: RawPath
        /// The disk of the folder that it lies in.
        let device: dev_t?
    }

    package init(_ folder: RawPath) {
        // Behind a link, ".." is not where the link lies.
        let above = folder.isLink ? folder.ownStatus : folder.appending("..".utf8).status
        var folders = [Entrance(path: folder, device: above?.st_dev)]
        var links: [Entrance] = []
        // Links last, so that what has a path of its own is found by that.
        while let next = folders.popLast() ?? links.popLast() {
            enter(next, &folders, &links)
            if folders.isEmpty { links.sort { $0.path > $1.path } }
        }
        pictures.sort()
    }

    /// What of the folder is left out, a sentence for each kind.
    package var sentences: [String] { leftOut.sentences }

    private mutating func enter(
        _ entrance: Entrance, _ folders: inout [Entrance], _ links: inout [Entrance]
    ) {
        let folder = entrance.path
        guard let status = folder.status, let entries = FolderEntries(folder) else {
            return unreadable.append(folder)
        }
        let place = Place(device: status.st_dev, number: status.st_ino)
        guard seen.insert(place).inserted else { return }
        self.folders.append(folder)
        if let above = entrance.device, above != status.st_dev { disks.append(folder) }
        for entry in entries where !entry.isHidden {
            let path = folder.appending(entry.name)
            switch entry.kind(at: path) {
            case .folder where !entry.isSystemFolder:
                let below = Entrance(path: path, device: status.st_dev)
                if entry.isLink { links.append(below) } else { folders.append(below) }
            case .folder: continue
            case .missing where entry.isLink && PictureKind(fileName: entry.name) == nil:
                danglingLinks.append(path)
                // A tar file that is not there is told of.
                add(path, named: entry)
            case .file, .missing: add(path, named: entry)
            case .other where PictureKind(fileName: entry.name) == .readable: leftOut.add(.special)
            case .other: continue
            }
        }
        if entries.endedEarly { unreadable.append(folder) }
    }

    private mutating func add(_ path: RawPath, named entry: FolderEntries.Entry) {
        switch PictureKind(fileName: entry.name) {
        case .readable: pictures.append(path)
        case .foreign(let name): leftOut.add(.format(name))
        case nil where entry.name.suffix(4).elementsEqual(Array(".tar".utf8)): archives.append(path)
        case nil: break
        }
    }
}
