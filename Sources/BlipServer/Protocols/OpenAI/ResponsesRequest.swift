import BLIP
import BlipJSON
import NIOCore

/// The body of OpenAI's `POST /v1/responses`; fields that mean nothing to BLIP are not read.
struct ResponsesRequest: Decodable {
    let input: Input
    let instructions: String?
    let stream: Bool?
    let maxOutputTokens: Int?
    let temperature: Float?
    let topP: Float?
    let text: AnyField?
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

    struct Tool: Decodable { let type: String? }

    /// What is asked for.
    ///
    /// - Parameter body: what this was read from.
    func task(_ body: ByteBuffer, positions: Int) throws(ServiceError) -> ChatTask {
        let unsupported: [(field: String, isAsked: Bool, instead: String)] = [
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
        let text = text == nil ? nil : try orderedMembers(["text"], of: body)["text"]
        return try ChatTask(
            (system ?? []) + input.messages,
            format: try AnswerFormat(openAIFormat: text?["format"]), options: generation.options())
    }
}
