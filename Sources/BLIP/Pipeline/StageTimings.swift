/// How long each stage of a task took; a stage that did not run took no time.
public struct StageTimings: Sendable, Hashable, Codable {
    /// Resizing and normalizing the picture.
    public var preprocess = Duration.zero
    /// The vision model, and what text attends to of the picture.
    public var vision = Duration.zero
    /// The text encoder.
    public var text = Duration.zero
    /// Generating the tokens.
    public var decode = Duration.zero

    /// No time at all.
    public init() {}

    /// The sum of the stages.
    public var total: Duration { preprocess + vision + text + decode }

    /// Adds stage by stage.
    public static func + (left: StageTimings, right: StageTimings) -> StageTimings {
        var sum = left
        sum.preprocess += right.preprocess
        sum.vision += right.vision
        sum.text += right.text
        sum.decode += right.decode
        return sum
    }

    /// One text's share of what a batch took.
    static func / (timings: StageTimings, count: Int) -> StageTimings {
        var share = timings
        let count = max(count, 1)
        share.preprocess /= count
        share.vision /= count
        share.text /= count
        share.decode /= count
        return share
    }

    /// Runs `body` and adds its time to a stage.
    mutating func measure<Result>(
        _ stage: WritableKeyPath<StageTimings, Duration>, _ body: () throws -> Result
    ) rethrows -> Result {
        let start = ContinuousClock.now
        defer { self[keyPath: stage] += ContinuousClock.now - start }
        return try body()
    }
}
