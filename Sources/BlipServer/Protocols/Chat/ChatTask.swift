import BLIP
import Foundation

/// What a chat asks of a picture: BLIP keeps no conversation, so the last words about the last
/// picture are all that count.
struct ChatTask: Sendable {
    enum Kind: Sendable, Hashable {
        case caption
        case question(String)
    }

    let picture: RequestPicture
    let kind: Kind
    let options: GenerationOptions

    /// - Parameters:
    ///   - messages: the whole chat. What users said since the model last spoke is one wish: its last
    ///     words count, about its pictures or those of the last wish that has any. No words, or those
    ///     of a wish for a description, ask for a caption.
    ///   - options: how the text is generated.
    init(_ messages: [ChatMessage], options: GenerationOptions) throws(ServiceError) {
        let wishes = messages.split { $0.role == "assistant" }
            .map { $0.filter { $0.role == "user" } }.filter { !$0.isEmpty }
        guard let wish = wishes.last else {
            throw .invalid("messages has none of the role user; send the picture in one")
        }
        let text = (wish.last { !$0.text.isBlank }?.text ?? "")
            .trimmingCharacters(in: .whitespacesAndNewlines)
        try self.init(
            text: text,
            pictures: wishes.map { $0.flatMap(\.pictures) }.last { !$0.isEmpty } ?? [],
            options: options)
    }

    private init(
        text: String, pictures: [String], options: GenerationOptions
    ) throws(ServiceError) {
        guard pictures.count <= 1 else {
            // Says so first where there are too many for any request.
            _ = try RequestPicture.checkCount(pictures.count)
            throw ServiceError(
                .badRequest, "too_many_pictures",
                "This model looks at one picture at a time, and \(pictures.count) were sent; send "
                    + "one, or use /v1/answers")
        }
        guard let picture = pictures.first else {
            throw .invalid(
                "There is no picture in the messages, and this model only talks about pictures; "
                    + "send one with the question")
        }
        try check(texts: text.isEmpty ? [] : [text], "messages")
        kind = Self.wishesDescription(text) ? .caption : .question(text)
        self.options = options
        try options.checkCounts()
        self.picture = try RequestPicture(base64: picture)
    }

    /// Whether the words ask for a description and not for something about the picture.
    static func wishesDescription(_ text: String) -> Bool {
        let words = text.lowercased().split { !$0.isLetter }
        guard let first = words.first else { return true }
        guard !questionWords.contains(first) else { return false }
        // Courtesies may come before it.
        return words.prefix(8).contains("describe")
            || words.contains { ["caption", "captions", "description"].contains($0) }
    }

    private static let questionWords: Set<Substring> = [
        "what", "which", "who", "whose", "where", "when", "why", "how", "is", "are", "was", "were",
        "does", "do", "did", "has", "have",
    ]
}

/// How chats ask for tokens to be drawn; the rest is the library's.
struct ChatSampling: Sendable {
    var temperature: Float?
    var topK: Int?
    var topP: Float?
    var seed: Int?
    var count = 1
    /// The most tokens to generate.
    var maximumTokens: Int?

    /// Tokens are drawn where a temperature above 0, top-k or top-p asks for it, or where several
    /// texts are wanted; else the likeliest are taken, so that an answer is the same each time.
    ///
    /// - Parameter positions: the most tokens that the model can write, the begin token included.
    func options(positions: Int) throws(ServiceError) -> GenerationOptions {
        var options = GenerationOptions()
        if let maximumTokens {
            guard maximumTokens > 0 else { throw .invalid("At least 1 token must be asked for") }
            // The begin token counts too.
            options.maximumLength = min(maximumTokens, positions - 1) + 1
        }
        options.sequenceCount = count
        let asksForDrawing = topK != nil || topP != nil || count > 1
        if temperature.map({ $0 > 0 }) ?? asksForDrawing {
            options.sampling = .init(
                temperature: temperature ?? 1, topK: topK ?? 0, topP: topP ?? 1,
                seed: seed.map { UInt64(bitPattern: Int64($0)) })
        } else if let temperature, temperature < 0 {
            throw .invalid("A temperature must not be below 0")
        }
        return options
    }
}

extension Inference {
    /// Refuses what the model cannot do, before any work.
    func validate(_ task: ChatTask) throws {
        try check([task.picture])
        switch task.kind {
        case .caption: try model.validate(captionsWith: task.options)
        case .question(let text): try model.validate(answersTo: [text], options: task.options)
        }
    }

    /// The task's picture, as the model sees it.
    func image(of task: ChatTask, _ place: Admission.Place) async throws -> EncodedImage {
        guard let picture = try await encode([task.picture], place.memory).first else {
            throw BatchError()
        }
        return picture.image
    }

    func run(
        _ task: ChatTask, on image: EncodedImage,
        progress: (@Sendable (PartialText) -> Void)? = nil
    ) async throws -> [GeneratedText] {
        switch task.kind {
        case .caption:
            try await captions(of: image, prompt: "", options: task.options, progress: progress)
        case .question(let text):
            try await answers(
                to: text, about: image, options: task.options, progress: progress)
        }
    }

    /// Tokens of the words that the model is given.
    func promptTokens(of task: ChatTask) -> Int {
        guard case .question(let text) = task.kind else { return 0 }
        return model.tokenCount(of: text)
    }
}

extension ChatTask {
    /// Whether a text ended since it may have no more tokens, and not with the end token, which has a
    /// probability too.
    func isCut(_ text: GeneratedText) -> Bool {
        text.logProbabilities.count <= text.tokenIDs.count
    }
}
