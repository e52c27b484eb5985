import ArgumentParser

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

    /// The pictures to be scored.
    func limited<Element>(_ pictures: [Element]) -> [Element] {
        Array(pictures.prefix(limit ?? pictures.count))
    }
}
