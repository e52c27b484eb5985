import ArgumentParser
import BLIP
import BlipCommandSupport

/// How a run over many pictures goes, and what it prints.
struct OutputArguments: ParsableArguments {
    @Flag(help: "Print one JSON object a line, and nothing else, on standard output.")
    var json = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The most pictures that run together; if not given, by cores and memory.",
            valueName: "n"))
    var batch: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The largest picture that is decoded whole; each megapixel takes 3 MB of memory, and 4 "
                + "pictures, on large machines 8, are decoded at a time.", valueName: "n"))
    var maxMegapixels = 256

    @Flag(name: .shortAndLong, help: "Print on standard error how long each stage took.")
    var verbose = false

    var run: RunOptions {
        RunOptions(maximumPixels: maxMegapixels * 1_000_000, json: json, verbose: verbose)
    }

    /// Rows of a batch.
    func rows(for model: BlipModel) -> Int { batch ?? model.batchSize }

    func validate() throws {
        if let batch, !(1...1024).contains(batch) {
            throw ValidationError("--batch wants a number from 1 to 1024, not \(batch).")
        }
        if !(1...4096).contains(maxMegapixels) {
            throw ValidationError(
                "--max-megapixels wants a number from 1 to 4096, not \(maxMegapixels).")
        }
    }
}
