package import BLIP
package import BlipPictures
import Foundation

/// Runs the same work over every picture of a command, several at a time; one that fails does not
/// stop the others, and results are printed in order, as they come.
package struct PictureRun {
    /// A picture that the model has seen.
    package struct Item: Sendable {
        package let input: ImageInput
        /// As large as a figure shows it; `nil` where none is drawn.
        package let picture: Picture?
        package let encoded: EncodedImage
    }

    let inputs: [ImageInput]
    let options: RunOptions
    private var opened: OpenedModel
    let batchSize: Int
    private let drawsFigures: Bool
    private var toldOfLoad = false
    private var bar: ProgressBar
    private var failure: Failure.Status?
    /// Takes a picture that failed, instead of its being told of.
    package var reportFailure: ((ImageInput, PictureError) throws -> Void)?

    /// - Parameters:
    ///   - model: one that was only started is loaded meanwhile, and since this run is all that it is for,
    ///     its vision model goes with the last picture. What was waited for is told with the first line.
    ///   - batchSize: pictures that run together.
    ///   - drawsFigures: whether pictures are wanted for figures, and not only as the model sees them.
    package init(
        _ inputs: [ImageInput], options: RunOptions, model: OpenedModel, batchSize: Int,
        drawsFigures: Bool = false
    ) {
        self.inputs = inputs
        self.options = options
        opened = model
        self.batchSize = max(1, batchSize)
        self.drawsFigures = drawsFigures
        bar = ProgressBar(total: inputs.count)
    }

    /// - Parameter work: is given the pictures of one batch that could be read; its results, one
    ///   a picture, are handed to `report` in the order of the inputs.
    /// - Throws: ``Failure`` where a picture failed, after all of them ran.
    package mutating func forEach<Result>(
        _ work: ([Item]) async throws -> [Result],
        report: (inout PictureRun, Item, Result) throws -> Void
    ) async throws {
        let batches = stride(from: 0, to: inputs.count, by: batchSize).map {
            Array(inputs[$0..<min($0 + batchSize, inputs.count)])
        }
        let model = opened.model
        let reader = PictureReader(
            model: model, options: await options(for: model), keepsFigures: drawsFigures)
        // The next batch is decoded while the model works on this one.
        var next = batches.first.map(reader.start)
        defer { next?.cancel() }
        for index in batches.indices {
            let loaded = try await next?.value ?? []
            next = index + 1 < batches.count ? reader.start(batches[index + 1]) : nil
            let pictures = loaded.compactMap { try? $0.picture.get() }
            let started = opened.started
            if index == 0, started != nil {
                // Waits for the vision model; encoding leaves the wait out of its timings.
                try await opened.prepare(for: [])
            }
            var encoded = try await model.encode(pictures.map(\.prepared)).makeIterator()
            if index == 0, let started { try await opened.prepare(for: started) }
            // Words need the memory that pictures no longer do.
            if next == nil, started != nil { await model.releaseVision() }
            let items = loaded.map { loaded in
                (try? loaded.picture.get()).flatMap { picture in
                    encoded.next().map {
                        Item(input: loaded.input, picture: picture.figure, encoded: $0)
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
                        try complain(error, item.input, .cannotWrite)
                    }
                } else if case .failure(let error) = loaded.picture {
                    try complain(error, loaded.input, .someFailed)
                }
                bar.advance()
            }
        }
        if let failure { throw Failure.toldOf(failure) }
    }

    /// Figures are of all pixels.
    private func options(for model: BlipModel) async -> PictureOptions {
        var options = drawsFigures ? PictureOptions() : await model.pictureOptions
        options.acceptsMoreFormats = true
        options.maximumPixels = self.options.maximumPixels
        options.maximumBytes = max(options.maximumBytes, 2 * options.maximumPixels)
        return options
    }

    /// Prints one result, as JSON or as text.
    package mutating func print(
        _ record: (TimingRecord) -> some Encodable, text: String, timings: StageTimings
    ) throws {
        let timing = TimingRecord(timings, load: toldOfLoad ? nil : opened.load)
        toldOfLoad = true
        bar.clear()
        try Terminal.print(options.json ? try jsonLine(record(timing)) : text)
        if options.verbose { Terminal.note("  " + timing.summary) }
    }

    private mutating func complain(
        _ error: PictureError, _ input: ImageInput, _ status: Failure.Status
    ) throws {
        bar.clear()
        if let reportFailure { return try reportFailure(input, error) }
        failure = failure == .cannotWrite ? failure : status
        if options.json {
            try Terminal.print(try jsonLine(ErrorRecord(image: input.name, error: error.message)))
        }
        Terminal.complain(error.message)
    }
}
