import BLIP

/// The body of OpenAI's `POST /v1/responses`; fields that mean nothing to BLIP are not read.
struct ResponsesRequest: Decodable {
    let input: Input
    let instructions: String?
    let stream: Bool?
    let maxOutputTokens: Int?
    let temperature: Float?
    let topP: Float?
    let text: Text?
    let tools: [Tool]?
    let previousResponseID: String?
    let background: Bool?

    enum CodingKeys: String, CodingKey {
        case input, instructions, stream, temperature, text, tools, background
        case maxOutputTokens = "max_output_tokens"
        case topP = "top_p"
        case previousResponseID = "previous_response_id"
    }

    /// A text, or messages.
    struct Input: Decodable {
        let messages: [ChatMessage]

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                messages = [ChatMessage(role: "user", text: text, pictures: [])]
            } else {
                messages = try [OpenAIMessage](from: decoder).map(\.message)
            }
        }
    }

    struct Text: Decodable {
        let format: Format?

        struct Format: Decodable { let type: String }
    }

    struct Tool: Decodable { let type: String? }

    /// What is asked for.
    func task(positions: Int) throws(ServiceError) -> ChatTask {
        let unsupported: [(field: String, isAsked: Bool, instead: String)] = [
            ("text.format", ![nil, "text"].contains(text?.format?.type), "ask for text"),
            ("tools", !(tools ?? []).isEmpty, "leave them out"),
            ("previous_response_id", previousResponseID != nil, "send all messages as input"),
            ("background", background == true, "use stream"),
        ]
        for (field, isAsked, instead) in unsupported where isAsked {
            throw .invalid("\(field) is not possible with this server as it was sent; \(instead)")
        }
        let generation = try GenerationParameters(
            chatTemperature: temperature, topP: topP, newTokens: maxOutputTokens,
            positions: positions)
        let system = instructions.map { [ChatMessage(role: "system", text: $0, pictures: [])] }
        return try ChatTask((system ?? []) + input.messages, options: generation.options())
    }
}
