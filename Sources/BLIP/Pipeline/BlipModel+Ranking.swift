import OpenVINO

/// An answer of a closed list, and how well it fits.
public struct RankedAnswer: Sendable, Hashable, Codable {
    /// The answer, as it stood in the list.
    public let answer: String
    /// What answers are ordered by: the sum of the log-probabilities of the answer's tokens, the
    /// end token included, each smoothed by 0.1 as the original's training loss is.
    public let score: Float
    /// The sum of the log-probabilities without smoothing.
    public let logLikelihood: Float
}

/// A question's answers, best first.
public struct Ranking: Sendable, Hashable, Codable {
    /// The 128 answers, at most, whose first token is likeliest.
    public let answers: [RankedAnswer]
    /// What it took beyond encoding the picture.
    public let timings: StageTimings
}

/// A question, and the answers that it may have.
struct ClosedQuestion: Sendable {
    let question: Question
    let answers: [String]
}

extension BlipModel {
    /// Orders the answers of a closed list by how well they answer a question. Calls of other tasks with as
    /// many answers share its batch.
    ///
    /// Reference: `rank_answer` of Salesforce's BLIP, with its short list of 128.
    ///
    /// - Parameters:
    ///   - answers: at least one, none of them empty.
    ///   - question: in words.
    ///   - image: encoded by this model.
    ///   - compatibility: how the question is treated.
    /// - Throws: ``BlipError``, runtime errors, and `CancellationError`.
    public func rank(
        _ answers: [String], for question: String, about image: EncodedImage,
        compatibility: Compatibility = .transformers
    ) async throws -> Ranking {
        try await share(
            queues.rankings, .init(answerCount: answers.count, compatibility: compatibility),
            // Ranking generates nothing: a question's options would have no meaning.
            ClosedQuestion(question: Question(question, about: image), answers: answers))
    }

    /// Orders the answers of each question's closed list, all questions in one batch.
    func rank(
        _ asked: [ClosedQuestion], _ compatibility: Compatibility
    ) throws -> [Ranking] {
        try BlipTask.answer.check(in: tasks, model: folder.lastPathComponent)
        for asked in asked { try validate(text: asked.question.text, "question") }
        let lists = try asked.map { try candidates($0.answers) }
        guard !asked.isEmpty else { return [] }
        var timings = StageTimings()
        let ranked = try recovering {
            let states = try encode(asked.map(\.question), compatibility, &timings)
            return try timings.measure(\.decode) {
                try decode(attendingTo: states) { decoder in
                    try CandidateRanking().run(
                        &decoder, begin: configuration.text.beginTokenID, lists: lists)
                }
            }
        }
        let share = timings / asked.count
        return zip(asked, ranked).map { asked, ranked in
            Ranking(
                answers: ranked.map {
                    RankedAnswer(
                        answer: asked.answers[$0.index], score: $0.score,
                        logLikelihood: $0.logLikelihood)
                }, timings: share)
        }
    }

    /// Checks, without running anything, a list of answers that ``rank(_:for:about:compatibility:)`` would
    /// be given.
    ///
    /// - Throws: the ``BlipError`` that ranking would.
    package nonisolated func validate(ranking answers: [String]) throws(BlipError) {
        _ = try candidates(answers)
    }

    /// Each answer's tokens: without [CLS], in whose place the begin token stands, but with the end
    /// token.
    private nonisolated func candidates(_ answers: [String]) throws(BlipError) -> [[Int]] {
        let candidates = answers.map { Array(tokenizer.encode($0).dropFirst()) }
        let limit = configuration.text.maximumPositions
        guard !candidates.isEmpty, candidates.allSatisfy({ (2...limit).contains($0.count) }) else {
            throw BlipError(
                .invalidOption,
                "A list of answers to rank needs one or more, each with at least one word and at "
                    + "most \(limit) tokens")
        }
        return candidates
    }
}
