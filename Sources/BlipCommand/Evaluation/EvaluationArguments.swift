import ArgumentParser
import Foundation

/// What every `blip eval` is told.
struct EvaluationArguments: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Score the first so many pictures.", valueName: "n"))
    var limit: Int?

    @Option(
        help: ArgumentHelp(
            "Keep each finished picture in this file, and go on from what it has.",
            discussion: "A JSON object a line; the first tells the settings.",
            valueName: "file.jsonl"),
        completion: .file(extensions: ["jsonl"]))
    var results: String?

    @Option(
        help: ArgumentHelp(
            "Write the scores, with the worst and best pictures, as a page.",
            valueName: "file.html"),
        completion: .file(extensions: ["html"]))
    var report: String?

    func validate() throws {
        if let limit, limit < 1 {
            throw ValidationError("--limit wants a number from 1, not \(limit).")
        }
    }

    /// Refuses, before anything runs, files that cannot be written or are read.
    func check(reading inputs: [URL]) throws {
        var outputs = OutputFiles(reading: inputs)
        if let results { try outputs.add(URL(filePath: results), option: "--results") }
        if let report { try HTMLPage.check(report, option: "--report", &outputs) }
    }

    /// The pictures to be scored.
    func limited<Element>(_ pictures: [Element]) -> [Element] {
        Array(pictures.prefix(limit ?? pictures.count))
    }
}
