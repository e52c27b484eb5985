import BLIP
import Foundation

/// The JSON of `infer`, as the Open Inference Protocol (version 2, REST) has it.
struct OpenInferenceBody: Decodable, Sendable {
    let id: String?
    let parameters: Parameters?
    let inputs: [Input]
    let outputs: [Output]?

    init(json: ArraySlice<UInt8>) throws(ServiceError) {
        self = try BodyReader.decode(OpenInferenceBody.self, from: json)
    }

    struct Input: Decodable, Sendable {
        let name: String
        let shape: [Int]
        let datatype: String
        let parameters: Parameters?
        let data: Elements?

        struct Parameters: Decodable, Sendable {
            let binaryDataSize: Int?
            enum CodingKeys: String, CodingKey { case binaryDataSize = "binary_data_size" }
        }
    }

    struct Output: Decodable, Sendable {
        let name: String
        let parameters: Parameters?

        struct Parameters: Decodable, Sendable {
            let isBinary: Bool?
            enum CodingKeys: String, CodingKey { case isBinary = "binary_data" }
        }
    }

    struct Parameters: Decodable, Sendable {
        let generation: GenerationParameters
        let isBinary: Bool?

        private enum CodingKeys: String, CodingKey { case isBinary = "binary_data_output" }

        init(from decoder: any Decoder) throws {
            generation = try GenerationParameters(from: decoder)
            isBinary = try decoder.container(keyedBy: CodingKeys.self)
                .decodeIfPresent(Bool.self, forKey: .isBinary)
        }
    }

    /// Elements in row-major order, in lists within lists or flat.
    struct Elements: Decodable, Sendable {
        let texts: [String]

        init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            var texts: [String] = []
            while !list.isAtEnd {
                if let text = try? list.decode(String.self) {
                    texts.append(text)
                } else {
                    texts += try list.decode(Elements.self).texts
                }
            }
            self.texts = texts
        }
    }
}
