import BLIP
import BlipCommandSupport
package import BlipPictures
public import Foundation

/// Brings a library up to date with folders of pictures.
///
/// ```swift
/// let indexer = Indexer(library, model: model)
/// let summary = try await indexer.index([photos]) { event in
///     if case .failed(let file, let message) = event { print(file, message) }
/// }
/// print(summary.added, "new pictures")
/// ```
///
/// What is unchanged costs a `stat`. A picture that was moved, renamed or copied is known by its bytes, and is
/// not seen again. Each batch is a transaction: whatever ends a run, all batches before are kept.
public struct Indexer: Sendable {
    let library: Library
    let model: LibraryModel
    let captioner: LibraryModel?
    package var options: IndexOptions

    /// Makes an indexer; nothing is read yet.
    ///
    /// - Parameters:
    ///   - library: opened for writing.
    ///   - model: makes the vectors, and the captions too where it can and no other one does.
    ///   - captioner: makes the captions; `nil` for the model itself.
    ///   - options: how folders are indexed.
    public init(
        _ library: Library, model: LibraryModel, captioner: LibraryModel? = nil,
        options: IndexOptions = IndexOptions()
    ) {
        self.library = library
        self.model = model
        self.captioner = captioner
        self.options = options
    }

    /// Indexes folders, with what is below, and files.
    ///
    /// - Parameters:
    ///   - places: file URLs of folders or files that are there.
    ///   - report: called while it goes on, by the task that called.
    /// - Returns: what was done.
    /// - Throws: ``LibraryError``, `BlipError`, runtime errors, and `CancellationError`. Pictures that cannot be
    ///   read are no errors, but reported.
    public func index(
        _ places: [URL], report: (IndexEvent) -> Void = { _ in }
    ) async throws -> IndexSummary {
        try await index(paths: places.map { RawPath($0) }, report: report)
    }

    /// - Parameter followsLinks: whether places get their paths without links; what ``FolderChanges`` tells keeps its.
    package func index(
        paths: [RawPath], followsLinks: Bool = true, report: (IndexEvent) -> Void = { _ in }
    ) async throws -> IndexSummary {
        let models = try await IndexModels(model, captioner: captioner, options, in: library)
        var comparison = FolderComparison(
            models: models, options, try library.fileSystems())
        var walks: [FolderWalk] = []
        for root in try Self.roots(paths, followsLinks: followsLinks) {
            let walk = root.isFolder ? FolderWalk(root) : nil
            try comparison.add(root, walk, in: library)
            if let walk { walks.append(walk) }
        }
        try library.updateDisks(adding: comparison.newDisks, removing: comparison.formerDisks)
        for folder in comparison.emptied {
            report(
                .note(
                    "\(folder) holds no pictures now, and the library has some of it; they stay, in "
                        + "case its disk is not there. --prune removes them."))
        }
        for (folder, count) in comparison.away.sorted(by: { $0.key < $1.key }) {
            report(
                .note(
                    "Pictures of \(folder) stay, since they lay on another disk than what is there now: "
                        + "\(count). --prune removes them."))
        }
        let run = IndexRun(library, models, comparison, options)
        let summary = try await run.finish(report)
        for walk in walks { for sentence in walk.sentences { report(.note(sentence)) } }
        return summary
    }

    /// Each place once.
    private static func roots(_ paths: [RawPath], followsLinks: Bool) throws -> [RawPath] {
        var roots: [RawPath] = []
        let found = try paths.map { path in
            guard let canonical = path.canonical else {
                throw LibraryError(
                    .invalidQuery, "There is no folder or file \(path); check the path.")
            }
            return followsLinks ? canonical : path
        }
        for path in found.sorted() where !roots.contains(where: { $0.contains(path) }) {
            roots.append(path)
        }
        return roots
    }
}
