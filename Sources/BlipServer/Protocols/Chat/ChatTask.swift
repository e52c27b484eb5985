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
    ///   - text: the user's last words; none, or a wish for a description, ask for a caption.
    ///   - pictures: base64 or data URLs, of the last message that has any.
    init(text: String, pictures: [String], options: GenerationOptions) throws(ServiceError) {
        guard pictures.count <= 1 else {
            // Says so first where there are too many for any request.
            _ = try RequestPicture.checkCount(pictures.count)
            throw ServiceError(
                .badRequest, "too_many_pictures",
                "This model looks at one picture at a time, and the message has \(pictures.count); "
                    + "send one, or use /v1/answers")
        }
        guard let picture = pictures.first else {
            throw .invalid(
                "There is no picture in the messages, and this model only talks about pictures; "
                    + "send one with the question")
        }
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        try check(texts: [text], "messages")
        kind = Self.wishesDescription(text) ? .caption : .question(text)
        self.options = options
        try options.checkCounts()
        self.picture = try RequestPicture(base64: picture)
    }

    /// Whether the words ask for a description and not for something about the picture.
    static func wishesDescription(_ text: String) -> Bool {
        let words = text.lowercased().split { !$0.isLetter }
        guard let first = words.first else { return true }
        return first == "describe" || words.contains { $0 == "caption" || $0 == "captions" }
            || words.contains("description")
    }
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

    func run(
        _ task: ChatTask, progress: (@Sendable (PartialText) -> Void)? = nil
    ) async throws -> [GeneratedText] {
        guard let image = try await encode([task.picture]).first?.image else { return [] }
        switch task.kind {
        case .caption:
            return try await captions(
                of: image, prompt: "", options: task.options, progress: progress)
        case .question(let text):
            return try await answers(
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
