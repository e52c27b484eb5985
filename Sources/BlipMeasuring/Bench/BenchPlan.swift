import BLIP

/// What is measured, where and how often.
package struct BenchPlan: Sendable {
    /// How often each thing is measured, after one time that does not count.
    let runs: Int
    /// Tokens of a caption; it neither ends earlier nor later.
    let tokens: Int
    let batchSizes: [Int]
    let captionLengths: [Int]
    let beamCounts: [Int]
    let questionCounts: [Int]
    let megapixels: [Double]
    let threadCounts: [Int]
    /// Pictures that run together by default.
    let batchSize: Int

    /// Tokens of an answer; short, as answers are.
    static let answerTokens = 5

    /// Asked in turn.
    package static let questions = [
        "what is in the picture?", "how many are there?", "what color is the background?",
        "where is it?", "is it day or night?", "what is on the left?", "who is there?",
        "is there a dog?",
    ]

    /// - Parameters:
    ///   - runs: `nil` for 5, or 2 where it is to be quick.
    ///   - isQuick: two points a series.
    ///   - positions: the most tokens that the model can place, the begin token included.
    ///   - threads: the most threads that may be used.
    ///   - batchSize: pictures that run together by default.
    package init(
        runs: Int?, tokens: Int, isQuick: Bool, positions: Int, threads: Int, batchSize: Int
    ) {
        self.batchSize = batchSize
        self.runs = runs ?? (isQuick ? 2 : 5)
        self.tokens = tokens
        batchSizes = isQuick ? [1, 2] : Self.powersOfTwo(to: max(8, batchSize))
        captionLengths = (isQuick ? [5, 10] : [5, 10, 15, 20, 30, 40]).filter { $0 < positions }
        beamCounts = isQuick ? [1, 2] : [1, 2, 3, 4, 5]
        questionCounts = isQuick ? [1, 2] : [1, 2, 4, 8]
        megapixels = isQuick ? [0.3, 1] : [0.3, 1, 2, 4, 8, 12]
        // Each core of a small machine; of a large one, powers of two and all.
        let counts = threads <= 8 ? Array(1...max(1, threads)) : Self.powersOfTwo(to: threads)
        threadCounts = isQuick ? Set([1, threads]).sorted() : counts
    }

    private static func powersOfTwo(to end: Int) -> [Int] {
        var counts = [1]
        while let last = counts.last, last < end { counts.append(min(2 * last, end)) }
        return counts
    }

    /// Captions of exactly so many tokens, the begin token not counted.
    static func options(tokens: Int, beams: Int = 1) -> GenerationOptions {
        var options = GenerationOptions(maximumLength: tokens + 1, minimumLength: tokens + 1)
        options.beamCount = beams
        return options
    }

    static func someQuestions(_ count: Int, about image: EncodedImage) -> [Question] {
        (0..<count).map { Question(questions[$0 % questions.count], about: image) }
    }
}
