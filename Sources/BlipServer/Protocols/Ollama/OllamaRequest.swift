import BLIP
import BlipJSON

/// The bodies of Ollama's `POST /api/generate` and `/api/chat`; fields that mean nothing to BLIP are
/// not read.
struct OllamaRequest: Decodable {
    let prompt: Prompt?
    let system: String?
    let images: [String]?
    let messages: [Message]?
    let stream: Bool?
    let options: Options?
    let format: AnyField?
    let tools: AnyField?

    /// A text; of chats some clients send an empty list.
    struct Prompt: Decodable {
        let text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let texts = try? container.decode([String].self) {
                text = texts.joined(separator: "\n")
            } else {
                text = try container.decode(String.self)
            }
        }
    }

    struct Message: Decodable {
        let role: String
        let content: String?
        let images: [String]?
    }

    struct Options: Decodable {
        let temperature: Float?
        let topK: Int?
        let topP: Float?
        let seed: Int?
        let numPredict: Int?
        let stop: TextList?

        enum CodingKeys: String, CodingKey {
            case temperature, seed, stop
            case topK = "top_k"
            case topP = "top_p"
            case numPredict = "num_predict"
        }
    }

    /// Whether nothing is asked for: clients do so to have the model loaded.
    var onlyLoads: Bool {
        (prompt?.text ?? "").isEmpty && (images ?? []).isEmpty && (messages ?? []).isEmpty
    }

    /// What is asked for.
    ///
    /// - Parameter body: what this was read from.
    func task(_ body: [UInt8], positions: Int) throws(ServiceError) -> ChatTask {
        let generation = try GenerationParameters(
            // 0 is Ollama's way to take the likeliest token.
            chatTemperature: options?.temperature, topK: options?.topK, topP: options?.topP,
            seed: options?.seed,
            // Below 0 means without limit.
            newTokens: options?.numPredict.flatMap { $0 > 0 ? $0 : nil }, positions: positions)
        let asked =
            messages?.map {
                ChatMessage(role: $0.role, text: $0.content ?? "", pictures: $0.images ?? [])
            } ?? [ChatMessage(role: "user", text: prompt?.text ?? "", pictures: images ?? [])]
        let told = system.map { [ChatMessage(role: "system", text: $0, pictures: [])] } ?? []
        return try ChatTask(
            told + asked, format: try answerFormat(body),
            stop: (self.options?.stop?.texts ?? []).filter { !$0.isEmpty },
            options: generation.options())
    }

    private func answerFormat(_ body: [UInt8]) throws(ServiceError) -> AnswerFormat {
        guard format != nil || tools != nil else { return .text }
        let members = try orderedMembers(["format", "tools"], of: body)
        // What a function gave is to be told in words.
        let isAnswered = messages?.last?.role == "tool"
        return try AnswerFormat(
            ollamaFormat: members["format"], tools: isAnswered ? nil : members["tools"])
    }
}

/// The body of `/api/pull`.
struct OllamaPullRequest: Decodable {
    let model: String?
    /// As older clients call it.
    let name: String?
    let stream: Bool?
}
