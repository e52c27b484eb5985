package import Foundation

/// A BLIP checkpoint's `config.json`.
///
/// Missing keys take the defaults of transformers' `BlipConfig`, as the published files rely on.
package struct BlipConfiguration: Sendable, Hashable, Codable {
    /// The vision transformer: `vision_config`.
    package var vision: VisionConfiguration
    /// The text encoder and decoder: `text_config`.
    package var text: TextConfiguration
    /// Width of the shared space in which pictures and texts are compared (ITC).
    package var imageTextHiddenSize: Int

    enum CodingKeys: String, CodingKey {
        case modelType = "model_type"
        case vision = "vision_config"
        case text = "text_config"
        case imageTextHiddenSize = "image_text_hidden_size"
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        // Without one, the tensors tell.
        let type = try values.decodeIfPresent(String.self, forKey: .modelType) ?? "blip"
        guard type == "blip" else {
            throw BlipError(
                .invalidConfiguration,
                "its model type is \"\(type)\" where \"blip\" is needed; choose a BLIP checkpoint")
        }
        vision = try values.decodeIfPresent(VisionConfiguration.self, forKey: .vision) ?? .init()
        text = try values.decodeIfPresent(TextConfiguration.self, forKey: .text) ?? .init()
        imageTextHiddenSize =
            try values.decodeIfPresent(Int.self, forKey: .imageTextHiddenSize) ?? 256
        try validate()
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode("blip", forKey: .modelType)
        try values.encode(vision, forKey: .vision)
        try values.encode(text, forKey: .text)
        try values.encode(imageTextHiddenSize, forKey: .imageTextHiddenSize)
    }

    /// Reads and checks the `config.json` of a checkpoint folder.
    ///
    /// - Throws: ``BlipError`` that names the file.
    package init(folder: URL) throws(BlipError) {
        let file = folder.appending(path: "config.json")
        let data: Data
        do {
            data = try Data(contentsOf: file)
        } catch {
            throw BlipError(
                .invalidConfiguration,
                "\(file.path): there is no readable config.json; a checkpoint folder as Hugging "
                    + "Face publishes it has one")
        }
        do {
            self = try JSONDecoder.ofPythonsJSON.decode(BlipConfiguration.self, from: data)
        } catch let error as BlipError {
            throw BlipError(error.code, "\(file.path): \(error.message)")
        } catch {
            throw BlipError(
                .invalidConfiguration,
                "\(file.path): \(Self.explain(error)); download the file again")
        }
    }

    private static func explain(_ error: any Error) -> String {
        switch error {
        case DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context):
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            return "\"\(path)\" is not of the type that a BLIP configuration has there"
        default:
            return "it is not valid JSON"
        }
    }

    func validate() throws(BlipError) {
        try vision.validate()
        try text.validate()
        try Self.require(
            (1...65_536).contains(imageTextHiddenSize), "image_text_hidden_size",
            imageTextHiddenSize)
    }

    static func require(
        _ condition: Bool, _ key: String, _ value: some CustomStringConvertible
    ) throws(BlipError) {
        if condition { return }
        throw BlipError(
            .invalidConfiguration, "\"\(key)\" is \(value), which no BLIP model can have")
    }
}

extension JSONDecoder {
    /// Reads what Python's `json` writes: `NaN` and `Infinity` too, which JSON does not have.
    static var ofPythonsJSON: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        return decoder
    }
}
