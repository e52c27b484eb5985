/// The body of OpenAI's `POST /v1/embeddings`, and of Ollama's `/api/embed`.
struct EmbeddingsRequest: Decodable {
    let input: Input?
    let encodingFormat: EncodingFormat?
    let dimensions: Int?

    enum CodingKeys: String, CodingKey {
        case input, dimensions
        case encodingFormat = "encoding_format"
    }

    enum EncodingFormat: String, Decodable { case float, base64 }

    /// One or several.
    struct Input: Decodable {
        let items: [Item]

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let item = try? value.decode(Item.self) {
                items = [item]
            } else {
                items = try value.decode([Item].self)
            }
        }
    }

    /// A text, a picture as a data URL, or, as newer clients of Ollama and Jina's have it, an object with either.
    enum Item: Decodable {
        case text(String)
        case picture(String)

        private enum CodingKeys: CodingKey { case image, text }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                self = text.prefix(5).lowercased() == "data:" ? .picture(text) : .text(text)
            } else {
                let values = try decoder.container(keyedBy: CodingKeys.self)
                guard let text = try values.decodeIfPresent(String.self, forKey: .text) else {
                    self = .picture(try values.decode(String.self, forKey: .image))
                    return
                }
                guard try values.decodeIfPresent(String.self, forKey: .image) == nil else {
                    throw DecodingError.dataCorruptedError(
                        forKey: .image, in: values,
                        debugDescription: "text and image are two inputs")
                }
                self = .text(text)
            }
        }
    }
}
