/// A message as chat completions and responses have it: its content is a text, or parts.
struct OpenAIMessage: Decodable {
    let message: ChatMessage

    private enum CodingKeys: CodingKey { case type, role, content, output }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        switch try values.decodeIfPresent(String.self, forKey: .type) {
        case nil, "message": break
        // What responses gave, and what the client's function made of it.
        case "function_call":
            message = ChatMessage(role: "assistant", text: "", pictures: [])
            return
        case "function_call_output":
            let output = try? values.decodeIfPresent(String.self, forKey: .output)
            message = ChatMessage(role: "tool", text: output ?? "", pictures: [])
            return
        case let type?:
            throw DecodingError.dataCorruptedError(
                forKey: .type, in: values,
                debugDescription: "\(type.prefix(40)) is no kind of item that this server knows; "
                    + "send messages")
        }
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

    private struct Part: Decodable {
        var text: String?
        var picture: String?

        private enum CodingKeys: String, CodingKey {
            case type, text, image, source, url
            case imageURL = "image_url"
        }
        private struct ImageURL: Decodable { let url: String }
        private struct Source: Decodable {
            let data: String?
            let url: String?
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            switch try values.decode(String.self, forKey: .type) {
            case "text", "input_text", "output_text":
                text = try values.decode(String.self, forKey: .text)
            case "image_url", "input_image":
                // Chat completions put it in an object, responses and some clients do not.
                picture =
                    try (try? values.decode(String.self, forKey: .imageURL))
                    ?? values.decode(ImageURL.self, forKey: .imageURL).url
            case "image":
                // Of clients of transformers, and of those that were written for Anthropic's protocol.
                let source = try? values.decode(Source.self, forKey: .source)
                picture =
                    try source?.data ?? source?.url
                    ?? (try? values.decode(String.self, forKey: .url))
                    ?? values.decode(String.self, forKey: .image)
            case let type:
                throw DecodingError.dataCorruptedError(
                    forKey: .type, in: values,
                    debugDescription: "\(type.prefix(40)) is no kind of content that this server "
                        + "knows; send texts and pictures")
            }
        }
    }
}
