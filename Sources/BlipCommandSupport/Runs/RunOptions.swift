/// How a run over pictures goes, and what it prints.
package struct RunOptions: Sendable {
    /// The most pixels of a picture that is decoded whole.
    let maximumPixels: Int
    /// Whether results are JSON lines.
    package let json: Bool
    /// Whether each stage's time is told on standard error.
    package let verbose: Bool

    package init(maximumPixels: Int, json: Bool, verbose: Bool) {
        self.maximumPixels = maximumPixels
        self.json = json
        self.verbose = verbose
    }
}
