import Foundation

/// The answer of OpenAI's embeddings.
struct EmbeddingsRecord: Encodable, Sendable {
    let object = "list"
    let data: [Embedding]
    let model: String
    let usage: Usage

    struct Embedding: Encodable, Sendable {
        let object = "embedding"
        let index: Int
        let embedding: Values
    }

    /// Numbers, or their little-endian bytes in base64.
    enum Values: Encodable, Sendable {
        case numbers([Float])
        case base64(String)

        init(_ vector: [Float], _ format: EmbeddingsRequest.EncodingFormat?) {
            self =
                format == .base64
                ? .base64(Data(vector.littleEndianBytes).base64EncodedString()) : .numbers(vector)
        }

        func encode(to encoder: any Encoder) throws {
            switch self {
            case .numbers(let numbers): try numbers.encode(to: encoder)
            case .base64(let text): try text.encode(to: encoder)
            }
        }
    }

    struct Usage: Encodable, Sendable {
        let promptTokens: Int
        let totalTokens: Int

        enum CodingKeys: String, CodingKey {
            case promptTokens = "prompt_tokens"
            case totalTokens = "total_tokens"
        }
    }
}

extension [Float] {
    var littleEndianBytes: [UInt8] {
        flatMap { number in
            (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
        }
    }
}
