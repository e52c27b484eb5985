import BlipCommandSupport
package import BlipPictures
import Foundation

/// Writes the captions of many pictures, and tells what became of each.
package struct WriteRun: Sendable {
    package struct Item: Sendable {
        package let picture: RawPath
        package let caption: String
        /// Captions that were written before.
        package let earlier: Set<String>
        /// The file as it was when its caption was made; `nil` where that is not known.
        var indexed: FileStamp?

        package init(picture: RawPath, caption: String, earlier: Set<String> = []) {
            self.picture = picture
            self.caption = caption
            self.earlier = earlier
        }
    }

    /// What is told of pictures.
    package enum Output: Sendable {
        /// Each, as a sentence.
        case sentences
        /// Each, as a JSON object a line.
        case json
        /// Only those that failed.
        case failures
    }

    private let options: WordWriter.Options
    private let output: Output

    package init(options: WordWriter.Options, output: Output) {
        self.options = options
        self.output = output
    }

    /// Writes all, several at a time; one that fails does not stop the others.
    ///
    /// - Parameter note: called with each that did not fail, in order.
    /// - Returns: how many files were written.
    /// - Throws: ``Failure`` where exiftool is missing, and after the last where one failed.
    @discardableResult
    package func run(
        _ items: [Item], note: (Item, WordWriter.Outcome) throws -> Void = { _, _ in }
    ) async throws -> Int {
        guard await ExifTool.isInstalled else {
            throw Failure(.missingRuntime, ExifToolError.missing.description)
        }
        let lanes = (0..<min(Self.width, max(1, items.count))).map { _ in ExifTool() }
        do {
            let count = try await run(items, lanes, note)
            for lane in lanes { await lane.close() }
            return count
        } catch {
            for lane in lanes { await lane.close() }
            throw error
        }
    }

    /// A program of its own for each: one uses one core.
    private static let width = min(4, ProcessInfo.processInfo.activeProcessorCount)

    private func run(
        _ items: [Item], _ lanes: [ExifTool], _ note: (Item, WordWriter.Outcome) throws -> Void
    ) async throws -> Int {
        var count = 0
        var bar = ProgressBar(total: items.count)
        var owners: [RawPath: RawPath] = [:]
        var hasFailed = false
        for start in stride(from: 0, to: items.count, by: lanes.count) {
            let batch = Array(items[start..<min(start + lanes.count, items.count)])
            let refusals = batch.map { Self.staleness($0) ?? refusal($0, &owners) }
            let results = try await withThrowingTaskGroup(
                of: (Int, Result<WordWriter.Outcome, WriteBackError>).self
            ) { group in
                for (index, item) in batch.enumerated() where refusals[index] == nil {
                    group.addTask { (index, try await write(item, lanes[index])) }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for (index, item) in batch.enumerated() {
                bar.clear()
                switch refusals[index].map(Result.failure) ?? results[index] {
                case .success(let outcome):
                    count += outcome.fields.isEmpty ? 0 : 1
                    try note(item, outcome)
                    try tell(item, outcome)
                case .failure(let error):
                    hasFailed = true
                    if case .json = output {
                        try Terminal.print(
                            try jsonLine(
                                FailedRecord(
                                    image: item.picture.description, error: error.description)))
                    }
                    Terminal.complain(error.description)
                case nil: break
                }
                bar.advance()
            }
        }
        if hasFailed { throw Failure.someFailedQuietly }
        return count
    }

    /// Where another picture has taken the file's place, its caption would be a lie.
    private static func staleness(_ item: Item) -> WriteBackError? {
        guard let indexed = item.indexed, let now = FileStamp(of: item.picture),
            !now.isSame(as: indexed)
        else { return nil }
        return WriteBackError(
            "\(item.picture) has changed since it was indexed, and its caption may be another picture's; "
                + "index it again.")
    }

    /// Two pictures with one sidecar cannot both have their words in it.
    private func refusal(_ item: Item, _ owners: inout [RawPath: RawPath]) -> WriteBackError? {
        guard case .sidecar(let name) = options.place else { return nil }
        let sidecar = name.path(for: item.picture)
        let owner = owners[sidecar] ?? item.picture
        owners[sidecar] = owner
        if owner == item.picture { return nil }
        return WriteBackError(
            "\(sidecar) has the words of \(owner) already, and \(item.picture) would share it; use "
                + "--sidecar-name full.")
    }

    private func write(
        _ item: Item, _ tool: ExifTool
    ) async throws -> Result<WordWriter.Outcome, WriteBackError> {
        do {
            return .success(
                try await WordWriter(tool, options: options)
                    .write(item.caption, for: item.picture, earlier: item.earlier))
        } catch let error as WriteBackError {
            return .failure(error)
        } catch let error as ExifToolError {
            // Of this picture, perhaps: the tool is started again for the next.
            return .failure(WriteBackError("\(item.picture): \(error)"))
        }
    }

    private func tell(_ item: Item, _ outcome: WordWriter.Outcome) throws {
        switch output {
        case .failures: return
        case .json:
            return try Terminal.print(
                try jsonLine(
                    WrittenRecord(
                        image: item.picture.description, caption: item.caption,
                        file: outcome.file.description, fields: outcome.fields, kept: outcome.kept,
                        isDryRun: outcome.isDryRun)))
        case .sentences: break
        }
        let kept = outcome.kept.map { "\"\($0)\"" }.joined(separator: ", ")
        let names = outcome.fields.map(\.rawValue).joined(separator: ", ")
        let sentence =
            switch (outcome.fields.isEmpty, outcome.kept.isEmpty) {
            case (true, true): "has these words already"
            case (true, false): "keeps \(kept)"
            case (false, let isAll):
                "\(outcome.isDryRun ? "would write" : "wrote") \"\(item.caption)\" into "
                    + "\(outcome.file.lastComponent) (\(names))" + (isAll ? "" : ", keeps \(kept)")
            }
        try Terminal.print("\(item.picture): \(sentence)")
    }
}

private struct WrittenRecord: Encodable {
    let image: String
    let caption: String
    let file: String
    let fields: [WordField]
    let kept: [String]
    let isDryRun: Bool

    enum CodingKeys: String, CodingKey {
        case image, caption, file, fields, kept
        case isDryRun = "dry_run"
    }
}

private struct FailedRecord: Encodable {
    let image: String
    let error: String
}
