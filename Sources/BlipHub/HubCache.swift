package import Foundation

/// The cache that `huggingface_hub` reads and writes:
///
///     models--OWNER--NAME/refs/REVISION            the commit that a branch or tag stands for
///     models--OWNER--NAME/blobs/HASH               a file's content
///     models--OWNER--NAME/snapshots/COMMIT/FILE    a link to the content
package struct HubCache: Sendable {
    /// A repository of which something was pulled.
    package struct Repository: Sendable, Hashable {
        /// The repository.
        package let name: RepositoryName
        /// The folder of its main branch's commit.
        package let snapshot: URL
    }

    /// The cache's folder, in which each repository has one.
    package let folder: URL

    private let copiesFiles: Bool

    /// - Parameters:
    ///   - folder: need not exist.
    ///   - copiesFiles: whether snapshots get copies instead of links.
    package init(_ folder: URL, copiesFiles: Bool = false) {
        self.folder = folder
        self.copiesFiles = copiesFiles
    }

    func repository(_ name: RepositoryName) -> URL { folder.appending(path: name.folderName) }

    func blob(_ hash: String, of name: RepositoryName) -> URL {
        repository(name).appending(path: "blobs/\(hash)")
    }

    func snapshot(_ commit: String, of name: RepositoryName) -> URL {
        repository(name).appending(path: "snapshots/\(commit)")
    }

    func lock(_ hash: String, of name: RepositoryName) -> URL {
        folder.appending(path: ".locks/\(name.folderName)/\(hash).lock")
    }

    /// The folder that a revision was pulled to whole, or `nil`.
    package func snapshot(of name: RepositoryName, revision: String = "main") -> URL? {
        guard SafeName.isPath(revision) else { return nil }
        let reference = repository(name).appending(path: "refs/\(revision)")
        let commit =
            (try? String(contentsOf: reference, encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines) ?? revision
        guard SafeName.isHash(commit) else { return nil }
        let folder = snapshot(commit, of: name)
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        // Links to blobs that are gone do not count.
        let there = files.filter {
            FileManager.default.fileExists(atPath: folder.appending(path: $0).path)
        }
        return FileSelection.isWhole(there) ? folder : nil
    }

    /// All repositories whose main branch was pulled, by name.
    package func repositories() -> [Repository] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().compactMap { folderName in
            guard let name = RepositoryName(folderName: folderName),
                let snapshot = snapshot(of: name)
            else { return nil }
            return Repository(name: name, snapshot: snapshot)
        }
    }

    /// Bytes of a folder's files, those behind links included.
    package static func bytes(below folder: URL) -> Int {
        let files =
            FileManager.default.enumerator(atPath: folder.path)?
            .compactMap { $0 as? String } ?? []
        return files.reduce(0) { sum, file in
            let target = folder.appending(path: file).resolvingSymlinksInPath()
            let values = try? FileManager.default.attributesOfItem(atPath: target.path)
            guard values?[.type] as? FileAttributeType == .typeRegular else { return sum }
            return sum + (values?[.size] as? Int ?? 0)
        }
    }
}

extension HubCache {
    /// The size of what a path leads to, or `nil` where that is no file.
    static func size(of file: URL) -> Int? {
        var status = stat()
        guard stat(file.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// Makes a snapshot's file a link to a blob that is there, in one step; a copy of it on file
    /// systems that have no links.
    func place(_ file: String, _ hash: String, commit: String, of name: RepositoryName) throws {
        let link = snapshot(commit, of: name).appending(path: file)
        try Self.makeFolder(link.deletingLastPathComponent())
        // Relative, so that the cache can be moved: up from the file to the repository.
        let depth = file.split(separator: "/").count - 1
        let target = String(repeating: "../", count: 2 + depth) + "blobs/\(hash)"
        // Whole at once: a program that is killed leaves nothing else behind.
        if !copiesFiles, symlink(target, link.path) == 0 { return }
        // Another pull, at the same time, was quicker.
        if (try? FileManager.default.destinationOfSymbolicLink(atPath: link.path)) == target {
            return
        }
        // One is there, to another blob, or there are no links.
        let partial = link.deletingLastPathComponent()
            .appending(path: ".\(link.lastPathComponent).\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: partial) }
        if copiesFiles || symlink(target, partial.path) != 0 {
            try? FileManager.default.copyItem(
                at: blob(hash, of: name).resolvingSymlinksInPath(), to: partial)
        }
        guard rename(partial.path, link.path) == 0 else {
            throw HubError(
                .cacheFailed, "\(link.path): cannot be made; check permissions and space")
        }
    }

    /// Notes the commit that a revision stands for, in one step.
    func setReference(_ revision: String, to commit: String, of name: RepositoryName) throws {
        // A commit needs no name.
        guard revision != commit else { return }
        let file = repository(name).appending(path: "refs/\(revision)")
        if (try? String(contentsOf: file, encoding: .utf8)) == commit { return }
        try Self.makeFolder(file.deletingLastPathComponent())
        do {
            try Data(commit.utf8).write(to: file, options: .atomic)
        } catch {
            throw HubError(.cacheFailed, "\(file.path): cannot be written; check permissions")
        }
    }

    static func makeFolder(_ folder: URL) throws(HubError) {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw HubError(
                .cacheFailed,
                "\(folder.path): the folder cannot be made; check permissions, or set HF_HUB_CACHE "
                    + "to another one")
        }
    }
}
