import BLIP
import BlipJSON

/// The body of OpenAI's `POST /v1/responses`; fields that mean nothing to BLIP are not read.
struct ResponsesRequest: Decodable {
    let input: Input
    let instructions: String?
    let stream: Bool?
    let maxOutputTokens: Int?
    let temperature: Float?
    let topP: Float?
    let text: AnyField?
    let tools: AnyField?
    let toolChoice: AnyField?
    let previousResponseID: String?
    let background: Bool?
    let conversation: AnyField?
    let prompt: AnyField?

    enum CodingKeys: String, CodingKey {
        case input, instructions, stream, temperature, text, tools, background, conversation, prompt
        case maxOutputTokens = "max_output_tokens"
        case topP = "top_p"
        case toolChoice = "tool_choice"
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

    /// What is asked for.
    ///
    /// - Parameter body: what this was read from.
    func task(_ body: [UInt8], positions: Int) throws(ServiceError) -> ChatTask {
        let unsupported: [(field: String, isAsked: Bool, instead: String)] = [
            ("previous_response_id", previousResponseID != nil, "send all messages as input"),
            ("background", background == true, "use stream"),
            ("conversation", conversation != nil, "send all messages as input"),
            ("prompt", prompt != nil, "send its words as input"),
        ]
        for (field, isAsked, instead) in unsupported where isAsked {
            throw .invalid("\(field) is not possible with this server as it was sent; \(instead)")
        }
        let generation = try GenerationParameters(
            chatTemperature: temperature, topP: topP, newTokens: maxOutputTokens,
            positions: positions)
        let system = instructions.map { [ChatMessage(role: "system", text: $0, pictures: [])] }
        return try ChatTask(
            (system ?? []) + input.messages, format: try answerFormat(body),
            options: generation.options())
    }

    private func answerFormat(_ body: [UInt8]) throws(ServiceError) -> AnswerFormat {
        guard text != nil || tools != nil || toolChoice != nil else { return .text }
        let members = try orderedMembers(["text", "tools", "tool_choice"], of: body)
        let format = try AnswerFormat(openAIFormat: members["text"]?["format"])
        guard format == .text else { return format }
        return try AnswerFormat(
            openAITools: members["tools"], choice: members["tool_choice"],
            isAnswered: input.messages.last?.role == "tool") ?? .text
    }
}
