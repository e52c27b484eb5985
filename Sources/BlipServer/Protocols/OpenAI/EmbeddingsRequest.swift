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

    /// One or several; a data URL is a picture, all else a text.
    struct Input: Decodable {
        let items: [String]

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let text = try? value.decode(String.self) {
                items = [text]
            } else {
                items = try value.decode([String].self)
            }
        }
    }
}
