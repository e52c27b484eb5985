import BLIP

/// A chat that holds its permit and whose pictures are encoded: what is left is to write the answers.
struct ChatSession: Sendable {
    let task: ChatTask
    let permit: Admission.Permit
    private let pictures: [EncodedPicture]
    private let inference: Inference

    /// Refuses what the model cannot do before any work, then takes a permit and encodes the pictures:
    /// before a stream begins, so that a picture that cannot be read has its status.
    ///
    /// - Parameter memory: what the request's body takes.
    init(
        _ task: ChatTask, _ memory: MemoryBudget.Reservation, _ admission: Admission,
        _ inference: Inference
    ) async throws {
        try inference.check(task.pictures)
        switch task.kind {
        case .caption: try inference.model.validate(captionsWith: task.options)
        case .question(let text):
            try inference.model.validate(answersTo: [text], options: task.options)
        }
        self.task = task
        self.inference = inference
        permit = try admission.acquire(memory)
        pictures = try await inference.encode(task.pictures, permit)
    }

    /// Tokens of the words that the model is given.
    var promptTokens: Int {
        guard case .question(let text) = task.kind else { return 0 }
        return inference.model.tokenCount(of: text)
    }

    /// The answers, as many as the options ask for.
    ///
    /// - Parameter onDelta: told of what is new of each answer, by its index, as it grows; in the end it
    ///   was told of all. Answers about several pictures come at once.
    func answers(onDelta: (@Sendable (Int, String) -> Void)? = nil) async throws -> [ChatAnswer] {
        let seen = try await picturesToDescribe()
        if seen.count > 1 {
            let described = try await inOrder(seen) { try await texts(about: pictures[$0].image) }
            let answers = (0..<task.options.sequenceCount).map { index in
                ChatAnswer(joining: zip(seen, described).map { ($0 + 1, $1[index]) })
            }
            for (index, answer) in answers.enumerated() { onDelta?(index, answer.text) }
            return answers
        }
        guard let picture = pictures.first else { throw BatchError() }
        guard let onDelta else {
            return try await texts(about: picture.image).map { ChatAnswer($0) }
        }
        let deltas = TextDeltas(count: task.options.sequenceCount)
        let send = { @Sendable (index: Int, delta: String) in
            if !delta.isEmpty { onDelta(index, delta) }
        }
        let finished = try await texts(about: picture.image) { partial in
            send(partial.index, deltas.grow(partial.index, to: partial.text))
        }
        for (index, text) in finished.enumerated() {
            send(index, deltas.finish(index, with: text.text))
        }
        return finished.map { ChatAnswer($0) }
    }

    /// Indices of the pictures that words are about: a caption shows the first, the middle and the last of
    /// those that differ from the one before.
    private func picturesToDescribe() async throws -> [Int] {
        let distinct = try await inference.changes(in: pictures.map(\.image))
        guard task.kind == .caption, distinct.count > 3 else { return distinct }
        return [distinct[0], distinct[distinct.count / 2], distinct[distinct.count - 1]]
    }

    private func texts(
        about image: EncodedImage, progress: (@Sendable (PartialText) -> Void)? = nil
    ) async throws -> [GeneratedText] {
        switch task.kind {
        case .caption:
            try await inference.captions(
                of: image, prompt: "", options: task.options, progress: progress)
        case .question(let text):
            try await inference.answers(
                to: text, about: image, options: task.options, progress: progress)
        }
    }
}
