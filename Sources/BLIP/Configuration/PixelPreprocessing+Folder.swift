package import BlipPictures
package import Foundation

extension PixelPreprocessing {
    /// Reads how a checkpoint wants its pictures: from `image_processor` in `processor_config.json`, which
    /// newer versions of transformers write, else from `preprocessor_config.json`, which may be an older one
    /// beside it.
    ///
    /// Reference: transformers 5.23's `ImageProcessingMixin.get_image_processor_dict`.
    ///
    /// - Parameter imageSize: what a folder with neither is taken to want.
    package init(folder: URL, imageSize: Int) throws {
        struct Processor: Decodable {
            let imageProcessor: PixelPreprocessing?
            enum CodingKeys: String, CodingKey { case imageProcessor = "image_processor" }
        }
        let processor = try Self.decode(Processor.self, "processor_config.json", in: folder)
        if let nested = processor?.imageProcessor {
            self = nested
        } else if let alone = try Self.decode(
            PixelPreprocessing.self, "preprocessor_config.json", in: folder)
        {
            self = alone
        } else {
            self.init()
            size = .exact(height: imageSize, width: imageSize)
        }
    }

    /// `nil` where there is no such file.
    private static func decode<Content: Decodable>(
        _ type: Content.Type, _ name: String, in folder: URL
    ) throws -> Content? {
        let file = folder.appending(path: name)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        do {
            return try JSONDecoder.ofPythonsJSON.decode(type, from: Data(contentsOf: file))
        } catch let error as PictureError {
            throw BlipError(.invalidConfiguration, "\(file.path): \(error.message)")
        } catch {
            throw BlipError(
                .invalidConfiguration,
                "\(file.path): it is not a picture processor's configuration; download it again")
        }
    }
}
