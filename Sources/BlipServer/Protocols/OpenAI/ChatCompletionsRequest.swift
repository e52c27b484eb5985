import BLIP
import BlipJSON

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
    let stop: TextList?

    enum CodingKeys: String, CodingKey {
        case messages, stream, n, temperature, seed, logprobs, stop
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
    ///
    /// - Parameter body: what this was read from.
    func task(_ body: [UInt8], positions: Int) throws(ServiceError) -> ChatTask {
        guard (topLogprobs ?? 0) == 0 else {
            throw .invalid(
                "top_logprobs are not given by this server, only those of the chosen tokens; leave "
                    + "it out")
        }
        let generation = try GenerationParameters(
            chatTemperature: temperature, topP: topP, seed: seed, count: n,
            // LM Studio's and llama.cpp's clients mean no limit by -1.
            newTokens: (maxCompletionTokens ?? maxTokens).flatMap { $0 == -1 ? nil : $0 },
            positions: positions)
        let task = try ChatTask(
            messages.map(\.message), format: try answerFormat(body), stop: stop?.texts ?? [],
            options: generation.options())
        guard logprobs != true || task.pictures.count == 1 else {
            throw .invalid(
                "logprobs are given of the text about one picture; send one, or leave logprobs out")
        }
        return task
    }

    private func answerFormat(_ body: [UInt8]) throws(ServiceError) -> AnswerFormat {
        let members = try orderedMembers(
            AnswerFormat.extensions.union(["response_format", "tools", "tool_choice"]), of: body)
        if let format = try AnswerFormat(extensions: members), format != .text { return format }
        let format = try AnswerFormat(openAIFormat: members["response_format"])
        guard format == .text else { return format }
        return try AnswerFormat(
            openAITools: members["tools"], choice: members["tool_choice"],
            isAnswered: messages.last?.message.role == "tool") ?? .text
    }
}
