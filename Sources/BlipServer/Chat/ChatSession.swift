import BLIP

/// A chat that holds its permit and whose pictures are encoded: what is left is to write the answers.
struct ChatSession: Sendable {
    let task: ChatTask
    let permit: Admission.Permit
    let understanding: Understanding
    private let work: ChatWork
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
        let plan = try ChatWork.plan(task, inference)
        work = plan.work
        understanding = plan.understanding
        self.task = task
        self.inference = inference
        permit = try admission.acquire(memory)
        pictures = try await inference.encode(task.pictures, permit)
    }

    /// Tokens of the words that the model is given.
    var promptTokens: Int {
        understanding.questions.reduce(0) { $0 + inference.model.tokenCount(of: $1) }
    }

    /// The answers, as many as the options ask for.
    ///
    /// - Parameter onDelta: told of what is new of each answer, by its index, as it grows; in the end it
    ///   was told of all. Only a text about one picture that may run to its end grows, others come at once.
    func answers(onDelta: (@Sendable (Int, String) -> Void)? = nil) async throws -> [ChatAnswer] {
        let seen = try await picturesToDescribe()
        if let onDelta, grows, seen.count == 1, let picture = pictures.first {
            return try await growing(picture.image, onDelta)
        }
        let answers = try await whole(seen).map { $0.ending(before: task.stop) }
        for (index, answer) in answers.enumerated() { onDelta?(index, answer.text) }
        return answers
    }

    private func whole(_ seen: [Int]) async throws -> [ChatAnswer] {
        switch work {
        case .greeting:
            return [
                ChatAnswer(
                    "Hello. I describe pictures and answer questions about them; send me one.")
            ]
        case .structure(let schema):
            let reading = try await PicturesReading(seen.map { pictures[$0].image }, inference)
            let prompt = task.understanding
            let asked = prompt.reason == .questionAsked ? prompt.questions.first : nil
            return [ChatAnswer(try await SchemaFiller(picture: reading, asked: asked).fill(schema))]
        case .caption, .questions, .labels:
            let described = try await inOrder(seen) { try await answers(about: pictures[$0].image) }
            guard described.count > 1 else { return described.first ?? [] }
            return (0..<task.options.sequenceCount).map { index in
                ChatAnswer(joining: zip(seen, described).map { ($0 + 1, $1[index]) })
            }
        }
    }

    /// Whether the answer is one that the model writes word by word.
    private var grows: Bool {
        switch work {
        case .caption: task.stop.isEmpty
        case .questions(let questions, let answers):
            task.stop.isEmpty && questions.count == 1 && answers.isEmpty
        case .labels, .structure, .greeting: false
        }
    }

    private func growing(
        _ image: EncodedImage, _ onDelta: @escaping @Sendable (Int, String) -> Void
    ) async throws -> [ChatAnswer] {
        let deltas = TextDeltas(count: task.options.sequenceCount)
        let send = { @Sendable (index: Int, delta: String) in
            if !delta.isEmpty { onDelta(index, delta) }
        }
        let finished = try await texts(about: image) { partial in
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
        guard case .caption = work, distinct.count > 3 else { return distinct }
        return [distinct[0], distinct[distinct.count / 2], distinct[distinct.count - 1]]
    }

    private func answers(about image: EncodedImage) async throws -> [ChatAnswer] {
        switch work {
        case .questions(let questions, let allowed) where !allowed.isEmpty || questions.count > 1:
            let answers = try await inOrder(questions) { question in
                if allowed.isEmpty {
                    return try await inference.answers(
                        to: question, about: image, options: task.options
                    ).first.map { ChatAnswer($0) } ?? ChatAnswer("")
                }
                let ranking = try await inference.rank(allowed, for: question, about: image)
                return ChatAnswer(ranking.answers.first?.answer ?? "")
            }
            return answers.count == 1 ? answers : [ChatAnswer(numbering: answers)]
        case .labels:
            let reading = try await PicturesReading([image], inference)
            let labels = try await reading.labels(minimum: 1, maximum: 10)
            return [ChatAnswer(labels.map(\.text).joined(separator: ", "))]
        case .caption, .questions, .structure, .greeting:
            return try await texts(about: image).map { ChatAnswer($0) }
        }
    }

    private func texts(
        about image: EncodedImage, progress: (@Sendable (PartialText) -> Void)? = nil
    ) async throws -> [GeneratedText] {
        guard let question = understanding.questions.first else {
            return try await inference.captions(
                of: image, prompt: "", options: task.options, progress: progress)
        }
        return try await inference.answers(
            to: question, about: image, options: task.options, progress: progress)
    }
}
