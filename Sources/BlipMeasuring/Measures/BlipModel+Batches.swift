import BLIP

extension BlipModel {
    /// Pictures, questions or texts that run together.
    ///
    /// - Parameters:
    ///   - batch: rows, as `--batch` says; `nil` for as many as suit the model and the machine.
    ///   - rows: those that each takes, such as its beams.
    nonisolated func count(perBatch batch: Int?, ofRows rows: Int = 1) -> Int {
        max(1, (batch ?? batchSize) / max(1, rows))
    }
}
