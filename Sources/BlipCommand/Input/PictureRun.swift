import BLIP
import Foundation
import Pictures

/// Runs the same work over every picture of a command, several at a time; one that fails does not
/// stop the others, and results are printed in order, as they come.
struct PictureRun {
    /// A picture that the model has seen.
    struct Item: Sendable {
        let input: ImageInput
        let picture: Picture
        let encoded: EncodedImage
    }

    let inputs: [ImageInput]
    let output: OutputArguments
    private var opened: OpenedModel
    let batchSize: Int
    private let keepsDetail: Bool
    private var toldOfLoad = false
    private var bar: ProgressBar
    private var failed = false

    /// - Parameters:
    ///   - model: one that was only started is loaded meanwhile, and since this run is all that it is for,
    ///     its vision model goes with the last picture. What was waited for is told with the first line.
    ///   - batchSize: pictures that run together.
    ///   - keepsDetail: whether pictures are wanted whole, and not only as much as the model sees.
    init(
        _ inputs: [ImageInput], output: OutputArguments, model: OpenedModel, batchSize: Int,
        keepsDetail: Bool = false
    ) {
        self.inputs = inputs
        self.output = output
        opened = model
        self.batchSize = max(1, batchSize)
        self.keepsDetail = keepsDetail
        bar = ProgressBar(total: inputs.count)
    }

    /// - Parameter work: is given the pictures of one batch that could be read; its results, one
    ///   a picture, are handed to `report` in the order of the inputs.
    /// - Throws: `ExitCode` 1 where a picture failed, after all of them ran.
    mutating func forEach<Result>(
        _ work: ([Item]) async throws -> [Result],
        report: (inout PictureRun, Item, Result) throws -> Void
    ) async throws {
        let batches = stride(from: 0, to: inputs.count, by: batchSize).map {
            Array(inputs[$0..<min($0 + batchSize, inputs.count)])
        }
        let model = opened.model
        let options = keepsDetail ? PictureOptions() : await model.pictureOptions
        let read = { (batch: [ImageInput]) in Self.read(batch, options) }
        // The next batch is decoded while the model works on this one.
        var next = batches.first.map(read)
        for index in batches.indices {
            let loaded = await next?.value ?? []
            next = index + 1 < batches.count ? read(batches[index + 1]) : nil
            let pictures = loaded.compactMap { try? $0.picture.get() }
            let started = opened.started
            if index == 0, started != nil {
                // Waits for the vision model; encoding leaves the wait out of its timings.
                try await opened.prepare(for: [])
            }
            var encoded = try await model.encode(pictures).makeIterator()
            if index == 0, let started { try await opened.prepare(for: started) }
            // Words need the memory that pictures no longer do.
            if next == nil, started != nil { await model.releaseVision() }
            let items = loaded.map { loaded in
                (try? loaded.picture.get()).flatMap { picture in
                    encoded.next().map {
                        Item(input: loaded.input, picture: picture, encoded: $0)
                    }
                }
            }
            var results = try await work(items.compactMap(\.self)).makeIterator()
            for (loaded, item) in zip(loaded, items) {
                if let item, let result = results.next() {
                    do {
                        try report(&self, item, result)
                    } catch let error as PictureError {
                        // Its figure cannot be written; the others still can.
                        try complain(error, item.input)
                    }
                } else if case .failure(let error) = loaded.picture {
                    try complain(error, loaded.input)
                }
                bar.advance()
            }
        }
        if failed { throw Failure.someFailedQuietly }
    }

    /// Prints one result, as JSON or as text.
    mutating func print(
        _ record: (TimingRecord) -> some Encodable, text: String, timings: StageTimings
    ) throws {
        let timing = TimingRecord(timings, load: toldOfLoad ? nil : opened.load)
        toldOfLoad = true
        bar.clear()
        try Terminal.print(output.json ? try jsonLine(record(timing)) : text)
        if output.verbose { Terminal.note("  " + timing.summary) }
    }

    private typealias Loaded = (input: ImageInput, picture: Swift.Result<Picture, PictureError>)

    private static func read(
        _ inputs: [ImageInput], _ options: PictureOptions
    ) -> Task<[Loaded], Never> {
        Task.detached {
            await withTaskGroup(of: (Int, Loaded).self) { group in
                for (index, input) in inputs.enumerated() {
                    group.addTask {
                        (
                            index,
                            (
                                input,
                                Swift.Result { () throws(PictureError) in try input.load(options) }
                            )
                        )
                    }
                }
                return await group.reduce(into: [(Int, Loaded)]()) { $0.append($1) }
                    .sorted { $0.0 < $1.0 }.map(\.1)
            }
        }
    }

    private mutating func complain(_ error: PictureError, _ input: ImageInput) throws {
        failed = true
        bar.clear()
        // Folders are taken for the pictures in them; one that is left had none.
        let message =
            error.code == .isFolder
            ? "\(input.name) holds no pictures; give the folder that they lie in." : error.message
        if output.json {
            try Terminal.print(try jsonLine(ErrorRecord(image: input.name, error: message)))
        }
        Terminal.complain(message)
    }
}
