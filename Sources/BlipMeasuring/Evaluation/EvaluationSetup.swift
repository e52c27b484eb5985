package import BLIP
package import BlipCommandSupport

/// What is evaluated, where it runs, and where results go.
package struct EvaluationSetup: Sendable {
    let model: ChosenModel
    let runtime: RuntimeOptions
    let run: RunOptions
    /// What was given of how texts are generated, by name; what changes a record.
    let settings: [String: String]
    /// The file that finished pictures are kept in.
    let results: String?
    /// The file of the page.
    let report: String?

    package init(
        model: ChosenModel, runtime: RuntimeOptions, run: RunOptions, settings: [String: String],
        results: String?, report: String?
    ) {
        self.model = model
        self.runtime = runtime
        self.run = run
        self.settings = settings
        self.results = results
        self.report = report
    }
}

extension Array {
    /// Its first so many elements; `nil` for all.
    func first(_ limit: Int?) -> [Element] { Array(prefix(limit ?? count)) }
}
