import BlipCommandSupport
import BlipPictures
import Foundation
import PhotoLibrary

/// Index runs of a command, and what they print.
struct LibraryRun {
    private let indexer: Indexer
    private let json: Bool
    private let words: LibraryWords?

    /// - Parameter words: where captions are written after each run; `nil` for nowhere.
    init(_ indexer: Indexer, json: Bool, words: LibraryWords? = nil) {
        self.indexer = indexer
        self.json = json
        self.words = words
    }

    /// - Throws: ``Failure`` where a file could not be read, after all others were.
    func index(_ paths: [RawPath]) async throws {
        var told: Set<String> = []
        let summary = try await index(paths, isSilent: false, &told)
        if summary.failed > 0 { throw Failure.someFailedQuietly }
    }

    /// Goes on with what changes; a run that changes nothing prints nothing.
    func follow(_ changes: FolderChanges) async throws -> Never {
        if let fallback = changes.fallback { Terminal.note(fallback) }
        var told: Set<String> = []
        while true {
            let places = try await changes.next()
            if !places.isEmpty { _ = try await index(places, isSilent: true, &told) }
        }
    }

    /// - Parameter told: notes that are not to be told again, such as of a disk that is away.
    private func index(
        _ paths: [RawPath], isSilent: Bool, _ told: inout Set<String>
    ) async throws -> IndexSummary {
        var bar: ProgressBar?
        let json = json
        var unprinted: Failure?
        var indexer = indexer
        if isSilent { indexer.options.emptiesPlaces = true }
        let summary = try await indexer.index(paths: paths, followsLinks: !isSilent) { event in
            switch event {
            case .found(let count): bar = ProgressBar(total: count, unit: "pictures")
            case .kept(let count): bar?.advance(by: count)
            case .note(let sentence):
                guard told.insert(sentence).inserted else { return }
                bar?.clear()
                Terminal.note(sentence)
            case .failed(let file, let message):
                bar?.clear()
                Terminal.complain(message)
                guard json else { return }
                do {
                    try Terminal.print(try jsonLine(FailedFile(image: file, error: message)))
                } catch {
                    unprinted = error as? Failure
                }
            }
        }
        bar?.clear()
        if let unprinted { throw unprinted }
        if !isSilent || !summary.isUnchanged {
            try Terminal.print(json ? try jsonLine(summary) : summary.sentence)
        }
        if let words, try await words.writeNew(in: paths, json: json) > 0, !json {
            Terminal.note("Captions were written into files.")
        }
        return summary
    }
}

private struct FailedFile: Encodable {
    let image: String
    let error: String
}

extension IndexSummary {
    fileprivate var sentence: String {
        let parts = [
            ("added", added), ("changed", changed), ("moved", moved), ("removed", removed),
            ("failed", failed), ("unchanged", unchanged),
        ]
        let told = parts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
        return told.isEmpty ? "no pictures" : told.joined(separator: ", ")
    }
}
