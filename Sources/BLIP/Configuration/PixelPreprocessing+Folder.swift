import Foundation
import Pictures

extension PixelPreprocessing {
    /// Reads how a checkpoint wants its pictures: from `preprocessor_config.json`, or from the
    /// `processor_config.json` that newer versions of transformers write.
    ///
    /// - Parameter imageSize: what a folder without either file is taken to want.
    init(folder: URL, imageSize: Int) throws {
        if let data = try? Data(contentsOf: folder.appending(path: "preprocessor_config.json")) {
            self = try Self.decode(
                PixelPreprocessing.self, data, "preprocessor_config.json", folder)
        } else if let data = try? Data(contentsOf: folder.appending(path: "processor_config.json"))
        {
            struct Processor: Decodable {
                let imageProcessor: PixelPreprocessing
                enum CodingKeys: String, CodingKey {
                    case imageProcessor = "image_processor"
                }
            }
            self = try Self.decode(Processor.self, data, "processor_config.json", folder)
                .imageProcessor
        } else {
            self.init()
            size = .exact(height: imageSize, width: imageSize)
        }
    }

    private static func decode<Content: Decodable>(
        _ type: Content.Type, _ data: Data, _ name: String, _ folder: URL
    ) throws -> Content {
        let path = folder.appending(path: name).path
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch let error as PictureError {
            throw BlipError(.invalidConfiguration, "\(path): \(error.message)")
        } catch {
            throw BlipError(
                .invalidConfiguration,
                "\(path): it is not a picture processor's configuration; download it again")
        }
    }
}
