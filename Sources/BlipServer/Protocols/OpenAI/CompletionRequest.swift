/// The body of OpenAI's `POST /v1/chat/completions`; fields that mean nothing to BLIP are not read.
struct CompletionRequest: Decodable {
    let messages: [Message]
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

    struct Message: Decodable {
        let message: ChatMessage

        private enum CodingKeys: CodingKey { case role, content }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            let role = try values.decode(String.self, forKey: .role)
            if let text = try? values.decodeIfPresent(String.self, forKey: .content) {
                message = ChatMessage(role: role, text: text, pictures: [])
                return
            }
            let parts = try values.decodeIfPresent([Part].self, forKey: .content) ?? []
            message = ChatMessage(
                role: role, text: parts.compactMap(\.text).joined(separator: "\n"),
                pictures: parts.compactMap(\.picture))
        }
    }

    private struct Part: Decodable {
        let text: String?
        let picture: String?

        private enum CodingKeys: String, CodingKey {
            case type, text
            case imageURL = "image_url"
        }
        private struct ImageURL: Decodable { let url: String }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            switch try values.decode(String.self, forKey: .type) {
            case "text", "input_text":
                text = try values.decode(String.self, forKey: .text)
                picture = nil
            case "image_url", "input_image":
                text = nil
                // Some clients send the URL itself.
                picture =
                    try (try? values.decode(String.self, forKey: .imageURL))
                    ?? values.decode(ImageURL.self, forKey: .imageURL).url
            case let type:
                throw DecodingError.dataCorruptedError(
                    forKey: .type, in: values,
                    debugDescription: "\(type) is no kind of content that this server knows; "
                        + "send text and image_url")
            }
        }
    }

    /// What is asked for.
    func task(positions: Int) throws(ServiceError) -> ChatTask {
        guard (topLogprobs ?? 0) == 0 else {
            throw .invalid(
                "top_logprobs are not given by this server, only those of the chosen tokens; leave "
                    + "it out")
        }
        let sampling = ChatSampling(
            temperature: temperature, topK: nil, topP: topP, seed: seed, count: n ?? 1,
            maximumTokens: maxCompletionTokens ?? maxTokens)
        return try ChatTask(
            messages.map(\.message), options: try sampling.options(positions: positions))
    }
}
