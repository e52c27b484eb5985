import BLIP
import BlipPictures
import Foundation

/// One run of an indexer, once it is known what there is to do.
struct IndexRun {
    private let library: Library
    private let models: IndexModels
    private let options: IndexOptions
    private let comparison: FolderComparison
    private let renamed: [(file: KnownFile, to: RawPath, stamp: FileStamp)]
    /// Paths that are gone, by their pictures: where such a picture is found elsewhere, it was moved.
    private var gone: [Int64: [RawPath]]
    private var goneWithoutPicture: [RawPath]
    private var summary = IndexSummary()
    private var needsPruning = false

    init(
        _ library: Library, _ models: IndexModels, _ comparison: FolderComparison,
        _ options: IndexOptions
    ) {
        self.library = library
        self.models = models
        self.options = options
        var comparison = comparison
        renamed = comparison.takeRenamed()
        self.comparison = comparison
        gone = [:]
        goneWithoutPicture = []
        for file in comparison.gone {
            if let picture = file.picture {
                gone[picture, default: []].append(file.path)
            } else {
                goneWithoutPicture.append(file.path)
            }
        }
    }

    consuming func finish(_ report: (IndexEvent) -> Void) async throws -> IndexSummary {
        summary.unchanged = comparison.unchanged
        for folder in comparison.unreadable {
            fail(folder, "\(folder) cannot be read; give yourself permission to.", report)
        }
        for file in comparison.stillBroken {
            fail(file.path, file.error ?? "\(file.path) could not be read.", report)
        }
        report(.found(comparison.candidates.count))
        try rename()
        try noteFileSystems()
        try updateSidecars(report)
        try await look(report)
        try remove()
        try library.read { try library.vectors.refresh(from: $0) }
        if comparison.seenByOthers > 0 {
            report(
                .note(
                    "\(comparison.seenByOthers) pictures have no caption or vector by the models of this "
                        + "run; --update-model sees them again."))
        }
        return summary
    }

    private mutating func fail(
        _ path: RawPath, _ message: String, _ report: (IndexEvent) -> Void
    ) {
        summary.failed += 1
        report(.failed(file: path.description, message: message))
    }

    private mutating func rename() throws {
        for part in renamed.chunks(of: Self.quickBatch) {
            try library.write { database in
                let writer = LibraryWriter(database: database)
                for (file, path, stamp) in part {
                    let sidecar = Sidecar(of: path)
                    let words = try? sidecar?.words().get()
                    try writer.moveWrittenWords(
                        from: file.path, to: path, hasSidecar: sidecar != nil)
                    try writer.removeFile(file.path)
                    try writer.setFile(
                        path, stamp, picture: file.picture, sidecar: Sidecar.mark(sidecar),
                        words: words ?? .init())
                    if let picture = file.picture { try writer.updateText(of: picture) }
                }
            }
            summary.moved += part.count
        }
    }

    /// Of libraries of older versions, and of files that went with their dates and numbers to another disk.
    private func noteFileSystems() throws {
        for part in comparison.relocated.chunks(of: Self.quickBatch) {
            try library.write { database in
                let writer = LibraryWriter(database: database)
                for file in part { try writer.noteFileSystem(of: file.path) }
            }
        }
    }

    /// Sidecars alone: the pictures are as they were.
    private mutating func updateSidecars(_ report: (IndexEvent) -> Void) throws {
        for part in comparison.candidates.filter(\.isSidecarOnly).chunks(of: Self.quickBatch) {
            var complaints: [String] = []
            try library.write { database in
                let writer = LibraryWriter(database: database)
                for candidate in part {
                    guard let known = candidate.known, let picture = known.picture else { continue }
                    let sidecar = Sidecar(of: candidate.path)
                    var words = ExistingWords()
                    switch sidecar?.words() {
                    case .success(let found): words = found
                    case .failure(let error): complaints.append(error.message)
                    case nil: break
                    }
                    try writer.setFile(
                        candidate.path, known.stamp, picture: picture,
                        sidecar: Sidecar.mark(sidecar), words: words)
                    try writer.updateText(of: picture)
                }
            }
            for complaint in complaints { report(.note(complaint)) }
            summary.changed += part.count
            report(.kept(part.count))
        }
    }

    /// Reads what is new or changed, has the models see it, and keeps it: a batch a transaction.
    private mutating func look(_ report: (IndexEvent) -> Void) async throws {
        let reader = await PictureReader(library, models, maximumPixels: options.maximumPixels)
        do {
            try await look(with: reader, report)
        } catch {
            await reader.finish()
            throw error
        }
        await reader.finish()
    }

    private mutating func look(
        with reader: PictureReader, _ report: (IndexEvent) -> Void
    ) async throws {
        let candidates = comparison.candidates.filter { !$0.isSidecarOnly }
        let batches = candidates.chunks(of: max(1, options.batchSize))
        // The next batch is decoded while the models work on this one.
        var next = batches.first.map { reader.start(Array($0)) }
        defer { next?.cancel() }
        for index in batches.indices {
            let read = try await next?.value ?? []
            next = index + 1 < batches.count ? reader.start(Array(batches[index + 1])) : nil
            let sights = try await see(read)
            try keep(read, sights)
            for picture in read {
                if let complaint = picture.sidecarComplaint { report(.note(complaint)) }
                if case .failed(let error) = picture.kind {
                    let path = picture.candidate.path
                    let isNamed = error.message.contains(path.description)
                    fail(path, isNamed ? error.message : "\(path): \(error.message)", report)
                }
            }
            report(.kept(read.count))
        }
    }

    /// What the models see in those that are unseen, in their order.
    private func see(_ read: [ReadPicture]) async throws -> [LibraryWriter.Sight] {
        let unseen = read.compactMap { picture in
            if case .unseen(_, let first, let second) = picture.kind {
                (first, second)
            } else {
                nil
            }
        }
        guard !unseen.isEmpty else { return [] }
        var sights = unseen.map { _ in LibraryWriter.Sight() }
        var images: [EncodedImage]?
        if let vectors = models.vectors {
            let encoded = try await vectors.model.encode(unseen.map(\.0))
            for (index, image) in encoded.enumerated() {
                let vector = QuantizedVector(try await vectors.model.embedding(of: image))
                sights[index].vector = (vector, vectors.id)
            }
            if models.secondVision == nil { images = encoded }
        }
        if let captions = models.captions {
            if images == nil {
                images = try await captions.model.encode(unseen.map { $0.1 ?? $0.0 })
            }
            let texts = try await captions.model.captions(
                of: images ?? [], prompt: options.prompt, options: options.captionOptions)
            for (index, texts) in texts.enumerated() {
                sights[index].caption = (texts.first?.text ?? "", captions.id)
            }
        }
        return sights
    }

    private mutating func keep(_ read: [ReadPicture], _ sights: [LibraryWriter.Sight]) throws {
        var sights = sights.makeIterator()
        var changes = self
        try library.write { database in
            let writer = LibraryWriter(database: database)
            for picture in read {
                let sight: LibraryWriter.Sight?
                if case .unseen = picture.kind { sight = sights.next() } else { sight = nil }
                try changes.keep(picture, sight, writer)
            }
        }
        // Only what was written counts.
        self = changes
    }

    private mutating func keep(
        _ read: ReadPicture, _ sight: LibraryWriter.Sight?, _ writer: LibraryWriter
    ) throws {
        let path = read.candidate.path
        let before = read.candidate.known?.picture
        let id: Int64
        switch read.kind {
        case .failed(let error):
            guard let stamp = read.stamp, error.isLasting else { return }
            try writer.setFile(
                path, stamp, picture: nil, sidecar: 0, words: .init(), error: error.message)
            needsPruning = needsPruning || before != nil
            return
        case .known(let picture):
            id = picture
        case .unseen(let details, _, _):
            id = try writer.picture(read.hash, details)
            if let sight { try writer.set(sight, of: id) }
        }
        guard let stamp = read.stamp else { return }
        try writer.setFile(
            path, stamp, picture: id, sidecar: read.sidecar, words: read.sidecarWords)
        if read.candidate.known != nil {
            if before != id, let before {
                needsPruning = true
                try writer.updateText(of: before)
            }
            summary.changed += 1
        } else if let old = gone[id]?.popLast() {
            try writer.moveWrittenWords(from: old, to: path, hasSidecar: read.sidecar != 0)
            try writer.removeFile(old)
            summary.moved += 1
        } else {
            summary.added += 1
            if case .known = read.kind { summary.copied += 1 }
        }
        try writer.updateText(of: id)
    }

    private mutating func remove() throws {
        let paths = gone.values.flatMap(\.self) + goneWithoutPicture
        let pictures = gone.filter { !$0.value.isEmpty }.map(\.key)
        for part in paths.chunks(of: Self.quickBatch) {
            try library.write { database in
                for path in part { try LibraryWriter(database: database).removeFile(path) }
            }
            summary.removed += part.count
        }
        guard needsPruning || !paths.isEmpty else { return }
        for part in pictures.chunks(of: Self.quickBatch) {
            try library.write { database in
                for id in part { try LibraryWriter(database: database).updateText(of: id) }
            }
        }
        try library.write { try LibraryWriter(database: $0).removeOrphans() }
    }

    /// Files that are changed in one transaction, where nothing is read but their names.
    private static let quickBatch = 500
}

extension FolderComparison.Candidate {
    fileprivate var isSidecarOnly: Bool {
        if case .sidecar = reason { true } else { false }
    }
}

extension PictureError {
    /// Whether the same bytes fail again: such a file is not read again until it changes.
    fileprivate var isLasting: Bool {
        [.empty, .unknownFormat, .damaged, .truncated, .unsupportedPixels].contains(code)
    }
}

extension Collection {
    /// Some elements at a time.
    func chunks(of count: Int) -> [SubSequence] {
        var chunks: [SubSequence] = []
        var rest = self[...]
        while !rest.isEmpty {
            chunks.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return chunks
    }
}
