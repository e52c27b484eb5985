import BlipPictures

/// The queues of a model's single calls.
struct BatchQueues {
    struct CaptionKey: Hashable {
        let prompt: String
        let options: GenerationOptions
        /// Of the picture: those that are looked at in different sizes have no rows of one length.
        let tokens: Int
    }
    struct AnswerKey: Hashable {
        let options: GenerationOptions
        let compatibility: Compatibility
    }
    struct RankingKey: Hashable {
        /// Rows of a question, so that batches have no more than they may.
        let answerCount: Int
        let compatibility: Compatibility
    }
    struct Unkeyed: Hashable {}

    let captions: BatchQueue<CaptionKey, EncodedImage, [GeneratedText]>
    let answers: BatchQueue<AnswerKey, Question, [GeneratedText]>
    let rankings: BatchQueue<RankingKey, ClosedQuestion, Ranking>
    let matches: BatchQueue<Unkeyed, TextImagePair, Match>
    /// By the size that the model sees them with.
    let encodings: BatchQueue<Int, PreparedPicture, EncodedImage>

    /// - Parameter rows: the most inputs, or sequences that their searches follow, of one batch.
    init(rows: Int) {
        captions = BatchQueue(limit: { rows / $0.options.rowCount }) {
            model, key, images, progress, isWanted in
            try model.captions(
                of: images, prompt: key.prompt, options: key.options, progress: progress,
                isWanted: isWanted)
        }
        answers = BatchQueue(limit: { rows / $0.options.rowCount }) {
            model, key, questions, progress, isWanted in
            try model.answers(
                to: questions, options: key.options, compatibility: key.compatibility,
                progress: progress, isWanted: isWanted)
        }
        rankings = BatchQueue(limit: { rows / max(1, $0.answerCount) }) { model, key, asked, _, _ in
            try model.rank(asked, key.compatibility)
        }
        matches = BatchQueue(limit: { _ in rows }) { model, _, pairs, _, _ in
            try model.match(pairs)
        }
        // Texts about pictures begin when their batch is encoded: of many that come at once a few are answered
        // early, for the price of one more batch of texts.
        encodings = BatchQueue(limit: { _ in rows }, startsSmall: true) {
            model, _, pictures, _, _ in
            try model.encode(pictures)
        }
    }

    /// In the order in which they are served: what is nearest to its end first.
    var all: [any RunnableQueue] { [captions, answers, rankings, matches, encodings] }
}

extension BlipModel {
    /// Runs a single call, in one batch with those of other tasks that wait too.
    ///
    /// - Throws: what running it throws, and `CancellationError` as soon as the task is cancelled.
    func share<Key, Input, Output>(
        _ queue: BatchQueue<Key, Input, Output>, _ key: Key, _ input: Input,
        progress: (@Sendable (PartialText) -> Void)? = nil
    ) async throws -> Output {
        try Task.checkCancellation()
        let entry = BatchEntry<Input, Output>(input, progress)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                entry.wait(continuation)
                queue.append(entry, key)
                guard !isServingQueues else { return }
                isServingQueues = true
                Task { await serveQueues() }
            }
        } onCancel: {
            entry.end(.failure(CancellationError()))
        }
    }

    private func serveQueues() async {
        var isFirst = true
        while let queue = queues.all.first(where: { $0.runNext(on: self, isFirst: isFirst) }) {
            isFirst = false
            // Lets in what was asked meanwhile. Those whose pictures were encoded ask about them next, and
            // come before other pictures.
            if queue === queues.encodings {
                try? await Task.sleep(for: .milliseconds(1))
            } else {
                await Task.yield()
            }
        }
        isServingQueues = false
    }
}

extension GenerationOptions {
    /// Sequences that a text's search follows at the same time.
    var rowCount: Int { max(1, beamCount * sequenceCount) }
}
