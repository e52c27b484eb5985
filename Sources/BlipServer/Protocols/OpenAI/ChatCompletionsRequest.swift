import BLIP

/// The body of OpenAI's `POST /v1/chat/completions`; fields that mean nothing to BLIP are not read.
struct ChatCompletionsRequest: Decodable {
    let messages: [OpenAIMessage]
    let stream: Bool?
    let streamOptions: StreamOptions?
    let n: Int?
    let maxTokens: Int?
    let maxCompletionTokens: Int?
    let temperature: Float?
    let topP: Float?
    let seed: Int?
    let logprobs: Bool?
    let topLogprobs: Int?

    enum CodingKeys: String, CodingKey {
        case messages, stream, n, temperature, seed, logprobs
        case streamOptions = "stream_options"
        case maxTokens = "max_tokens"
        case maxCompletionTokens = "max_completion_tokens"
        case topP = "top_p"
        case topLogprobs = "top_logprobs"
    }

    struct StreamOptions: Decodable {
        let includeUsage: Bool?
        enum CodingKeys: String, CodingKey { case includeUsage = "include_usage" }
    }

    /// What is asked for.
    func task(positions: Int) throws(ServiceError) -> ChatTask {
        guard (topLogprobs ?? 0) == 0 else {
            throw .invalid(
                "top_logprobs are not given by this server, only those of the chosen tokens; leave "
                    + "it out")
        }
        let generation = try GenerationParameters(
            chatTemperature: temperature, topP: topP, seed: seed, count: n,
            newTokens: maxCompletionTokens ?? maxTokens, positions: positions)
        let task = try ChatTask(messages.map(\.message), options: generation.options())
        guard logprobs != true || task.pictures.count == 1 else {
            throw .invalid(
                "logprobs are given of the text about one picture; send one, or leave logprobs out")
        }
        return task
    }
}
