import ArgumentParser
import BLIP
import BlipMeasuring

/// What every `blip eval` is told.
struct EvaluationArguments: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Score only the first n pictures.", valueName: "n"))
    var limit: Int?

    @Option(
        help: ArgumentHelp(
            "Store each finished picture in this file, and resume from it.",
            discussion: "One JSON object a line; the first has the settings.",
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

    /// - Parameters:
    ///   - task: what the model is for.
    ///   - settings: what was given of how texts are generated.
    func setup(
        _ model: ModelArguments, _ output: OutputArguments, for task: BlipTask,
        _ settings: [String: String] = [:]
    ) async throws -> EvaluationSetup {
        EvaluationSetup(
            model: try await model.choose(for: [task]), runtime: model.runtime.options,
            run: output.run, settings: settings, results: results, report: report)
    }
}
