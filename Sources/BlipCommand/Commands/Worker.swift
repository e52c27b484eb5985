import ArgumentParser
import BLIP
import BlipCommandSupport
import BlipWorker

struct Worker: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer requests of a program on standard input and output.",
        discussion: """
            Reads and writes frames of JSON and bytes (docs/worker.md); logs go to standard error. The \
            Python package swift_blip, with its classes for Ray and Spark, runs BLIP through a worker. \
            The worker ends when its input ends.

            EXAMPLES
              blip worker --model blip-vqa-base
            """)

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The most unanswered requests to accept; if not given, three batches, at least 24.",
            valueName: "n"))
    var queue: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The largest picture that is decoded whole; each megapixel takes 3 MB of memory, and 4 "
                + "pictures are decoded at a time.", valueName: "n"))
    var maxMegapixels = 256

    @OptionGroup(title: "Model") var model: ModelArguments

    func validate() throws {
        if let queue, !(1...10_000).contains(queue) {
            throw ValidationError("--queue wants a number from 1 to 10000, not \(queue).")
        }
        if !(1...4096).contains(maxMegapixels) {
            throw ValidationError(
                "--max-megapixels wants a number from 1 to 4096, not \(maxMegapixels).")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let streams = try WorkerStreams.takingStandardStreams()
            do {
                let chosen = try await model.choose(for: nil)
                let opened = try OpenedModel(chosen.location, options: model.runtimeOptions)
                let configuration = WorkerConfiguration(
                    name: chosen.name, version: programVersion,
                    queue: queue
                        ?? WorkerConfiguration.defaultQueue(batchSize: opened.model.batchSize),
                    maximumPixels: maxMegapixels * 1_000_000)
                try await WorkerSession(
                    model: opened.model, configuration: configuration, streams: streams
                ).run()
            } catch {
                let failure = Failure(error)
                // Whoever drives the worker may not see standard error.
                try? await streams.output.write(
                    ErrorRecord(code: "\(failure.status)", error: failure.description))
                throw failure
            }
        }
    }
}
