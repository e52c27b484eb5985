import BLIP

/// The bodies of Ollama's `POST /api/generate` and `/api/chat`; fields that mean nothing to BLIP are
/// not read.
struct OllamaRequest: Decodable {
    let prompt: String?
    let images: [String]?
    let messages: [Message]?
    let stream: Bool?
    let options: Options?

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

        enum CodingKeys: String, CodingKey {
            case temperature, seed
            case topK = "top_k"
            case topP = "top_p"
            case numPredict = "num_predict"
        }
    }

    /// Whether nothing is asked for: clients do so to have the model loaded.
    var onlyLoads: Bool {
        (prompt ?? "").isEmpty && (images ?? []).isEmpty && (messages ?? []).isEmpty
    }

    /// What is asked for.
    func task(positions: Int) throws(ServiceError) -> ChatTask {
        let generation = try GenerationParameters(
            // 0 is Ollama's way to take the likeliest token.
            chatTemperature: options?.temperature, topK: options?.topK, topP: options?.topP,
            seed: options?.seed,
            // Below 0 means without limit.
            newTokens: options?.numPredict.flatMap { $0 > 0 ? $0 : nil }, positions: positions)
        let chat =
            messages?.map {
                ChatMessage(role: $0.role, text: $0.content ?? "", pictures: $0.images ?? [])
            } ?? [ChatMessage(role: "user", text: prompt ?? "", pictures: images ?? [])]
        return try ChatTask(chat, options: generation.options())
    }
}

/// The body of `/api/pull`.
struct OllamaPullRequest: Decodable {
    let model: String?
    /// As older clients call it.
    let name: String?
    let stream: Bool?
}
