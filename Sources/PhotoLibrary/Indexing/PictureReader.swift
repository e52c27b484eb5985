import BLIP
import BlipCommandSupport
import BlipPictures
import Foundation
import GRDB
import Synchronization

/// A candidate as it was found: with its pixels where it has to be seen.
struct ReadPicture: Sendable {
    enum Kind: Sendable {
        /// The library has its bytes.
        case known(picture: Int64)
        /// Prepared for each model; the captioner's is `nil` where the other one's serves both.
        case unseen(PictureContent.Details, PreparedPicture, captioner: PreparedPicture?)
        case failed(PictureError)
    }

    let candidate: FolderComparison.Candidate
    let hash: [UInt8]
    let stamp: FileStamp?
    let sidecar: Int64
    let sidecarWords: ExistingWords
    let sidecarComplaint: String?
    let kind: Kind
}

/// Reads candidates, some at a time; each is as small as the model's input before another takes its place.
struct PictureReader: Sendable {
    let library: Library
    let models: IndexModels
    let options: PictureOptions
    let captionerOptions: PictureOptions?
    private let start: ModelStart

    init(_ library: Library, _ models: IndexModels, maximumPixels: Int) async {
        self.library = library
        self.models = models
        start = ModelStart(models)
        func limited(_ model: BlipModel) async -> PictureOptions {
            var options = await model.pictureOptions
            options.acceptsMoreFormats = true
            options.maximumPixels = maximumPixels
            options.maximumBytes = max(options.maximumBytes, 2 * maximumPixels)
            return options
        }
        let first = models.vectors?.model ?? models.captions?.model
        options = if let first { await limited(first) } else { PictureOptions() }
        captionerOptions =
            if let second = models.secondVision { await limited(second) } else { nil }
    }

    /// Waits for models that were started.
    func finish() async { await start.finish() }

    /// Starts to read; the task gives the pictures in their order.
    func start(_ candidates: [FolderComparison.Candidate]) -> Task<[ReadPicture], any Error> {
        Task.detached {
            try await withThrowingTaskGroup(of: (Int, ReadPicture).self) { group in
                var found: [(Int, ReadPicture)] = []
                for (index, candidate) in candidates.enumerated() {
                    if index >= MachineResources.picturesReadTogether,
                        let next = try await group.next()
                    {
                        found.append(next)
                    }
                    group.addTask { (index, try await read(candidate)) }
                }
                for try await next in group { found.append(next) }
                return found.sorted { $0.0 < $1.0 }.map(\.1)
            }
        }
    }

    private func read(_ candidate: FolderComparison.Candidate) async throws -> ReadPicture {
        try Task.checkCancellation()
        let sidecar = Sidecar(of: candidate.path)
        var words = ExistingWords()
        var complaint: String?
        switch sidecar?.words() {
        case .success(let found): words = found
        case .failure(let error): complaint = error.message
        case nil: break
        }
        var content: PictureContent?
        let kind: ReadPicture.Kind
        do {
            let read = try PictureContent(of: candidate.path, limit: options.maximumBytes)
            content = read
            kind = try await see(read, candidate)
        } catch let error as PictureError {
            kind = .failed(error)
        }
        return ReadPicture(
            candidate: candidate, hash: content?.hash ?? [],
            stamp: content?.stamp ?? FileStamp(of: candidate.path), sidecar: Sidecar.mark(sidecar),
            sidecarWords: words, sidecarComplaint: complaint, kind: kind)
    }

    private func see(
        _ content: PictureContent, _ candidate: FolderComparison.Candidate
    ) async throws -> ReadPicture.Kind {
        if case .otherModel = candidate.reason {
        } else if let id = try library.picture(content.hash) {
            return .known(picture: id)
        }
        guard let first = models.vectors?.model ?? models.captions?.model else {
            return .failed(PictureError(.unreadableFile, "No model sees \(candidate.path)."))
        }
        await start.first()
        let name = candidate.path.description
        let picture = try Picture(bytes: content.bytes, name: name, options: options)
        let prepared = try first.prepare(picture)
        var second: PreparedPicture?
        if let model = models.secondVision, let captionerOptions {
            second = try model.prepare(
                Picture(bytes: content.bytes, name: name, options: captionerOptions))
        }
        return .unseen(try content.details(name: name), prepared, captioner: second)
    }
}

/// Has models compiled while the first pictures are decoded, and not at all where there is nothing to be seen.
private final class ModelStart: Sendable {
    private let models: IndexModels
    private let isStarted = Atomic(false)

    init(_ models: IndexModels) { self.models = models }

    /// Starts them, once. Errors are those of whoever uses them.
    func first() async {
        guard !isStarted.exchange(true, ordering: .relaxed) else { return }
        for (model, tasks) in models.tasks { try? await model.startPreparing(for: tasks) }
    }

    /// Waits for what was started: a program that ends before may crash in OpenVINO.
    func finish() async {
        guard isStarted.load(ordering: .relaxed) else { return }
        for (model, tasks) in models.tasks { try? await model.prepare(for: tasks) }
    }
}

extension IndexModels {
    /// What each of them is for.
    fileprivate var tasks: [(model: BlipModel, tasks: Set<BlipTask>)] {
        guard let seer = vectors?.model ?? captions?.model else { return [] }
        let own: Set<BlipTask> = secondVision == nil && captions != nil ? [.caption] : []
        guard let second = secondVision else { return [(seer, own)] }
        return [(seer, own), (second, [.caption])]
    }

    /// The captioner, where it does not see through the eyes of the model that makes vectors.
    var secondVision: BlipModel? {
        guard let vectors, let captions, vectors.model !== captions.model else { return nil }
        return captions.model
    }
}

extension Library {
    /// The number of the picture that has these bytes.
    func picture(_ hash: [UInt8]) throws -> Int64? {
        try read {
            let statement = try $0.cachedStatement(sql: "SELECT id FROM picture WHERE hash = ?")
            return try Int64.fetchOne(statement, arguments: [Data(hash)])
        }
    }
}
