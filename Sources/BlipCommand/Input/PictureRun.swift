import BLIP
import Foundation
import Pictures

/// Runs the same work over every picture of a command; one that fails does not stop the others.
struct PictureRun {
    let inputs: [ImageInput]
    let output: OutputArguments
    let model: BlipModel
    /// Told with the first line that is printed.
    var load: Duration?

    /// - Parameter work: prints what it finds for one picture, through ``print``.
    /// - Throws: `ExitCode` 1 where a picture failed, after all of them ran.
    mutating func forEach(
        _ work: (inout PictureRun, ImageInput, Picture, EncodedImage) async throws -> Void
    ) async throws {
        var failed = false
        bar = ProgressBar(total: inputs.count)
        for input in inputs {
            do {
                let picture = try input.load()
                let encoded = try await model.encode(picture)
                try await work(&self, input, picture, encoded)
            } catch let error as PictureError {
                failed = true
                try report(error, input)
            }
            bar.advance()
        }
        if failed { throw Failure.someFailedQuietly }
    }

    private var bar = ProgressBar(total: 0)

    init(inputs: [ImageInput], output: OutputArguments, model: BlipModel, load: Duration) {
        self.inputs = inputs
        self.output = output
        self.model = model
        self.load = load
    }

    /// Prints one result, as JSON or as text.
    mutating func print(
        _ record: (TimingRecord) -> some Encodable, text: String, timings: StageTimings
    ) throws {
        let timing = TimingRecord(timings, load: load)
        load = nil
        bar.clear()
        Terminal.print(output.json ? try jsonLine(record(timing)) : text)
        if output.verbose { Terminal.note("  " + timing.summary) }
    }

    private func report(_ error: PictureError, _ input: ImageInput) throws {
        bar.clear()
        if output.json {
            Terminal.print(try jsonLine(ErrorRecord(image: input.name, error: error.message)))
        }
        Terminal.complain(error.message)
    }
}
