@testable import BLIP
import Foundation
import BlipPictures
import Testing

/// Against transformers on the same folders; see `Tools/reference/record_variants.py`.
@Suite("Small files that say something else, read as transformers reads them")
struct VariantTests {
    struct Variant: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        /// What is put into a copy of the checkpoint.
        let files: [String: String]
        /// The mean of the first photo's pixel values.
        let pixels: Double
        let captions: [String: [Int]]

        var testDescription: String { name }
    }

    private struct Recorded: Decodable {
        let checkpoint: String
        let variants: [Variant]
    }

    private static let recorded = Result {
        try JSONDecoder().decode(
            Recorded.self, from: Data(contentsOf: Record.fixtures.appending(path: "variants.json")))
    }

    @Test func areThere() throws {
        #expect(try Self.recorded.get().variants.count > 30)
    }

    @Test(arguments: (try? recorded.get().variants) ?? [])
    func sameTokens(_ variant: Variant) async throws {
        let copy = try CheckpointCopy("checkpoints/\(Self.recorded.get().checkpoint)")
        for (name, content) in variant.files { try copy.write(content, name) }
        let photos = Record.fixtures.appending(path: "photos")
        let first = try Picture(contentsOf: photos.appending(path: "astronaut.png"))
        let values = try PixelPreprocessing(folder: copy.folder, imageSize: 96)
            .pixelValues(of: first).values
        let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
        #expect(abs(mean - variant.pixels) < 1e-6)
        let model = try BlipModel(
            folder: copy.folder, options: RuntimeOptions(device: "CPU", precision: .f32))
        for (name, expected) in variant.captions {
            let image = try await model.encode(Picture(contentsOf: photos.appending(path: name)))
            #expect(try await model.caption(image).tokenIDs == expected, "\(name)")
        }
    }

    /// What is asked for counts more than what the folder says.
    @Test func explicitLength() async throws {
        let copy = try CheckpointCopy("checkpoints/caption-untied-missing")
        let variant = try #require(
            Self.recorded.get().variants.first { $0.name == "max_new_tokens in text_config" })
        for (name, content) in variant.files { try copy.write(content, name) }
        let model = try BlipModel(folder: copy.folder, options: RuntimeOptions(device: "CPU"))
        let photo = Record.fixtures.appending(path: "photos/chelsea.jpg")
        let image = try await model.encode(Picture(contentsOf: photo))
        let options = GenerationOptions(maximumLength: 9, minimumLength: 9)
        #expect(try await model.caption(image).tokenIDs.count == 5)
        #expect(try await model.caption(image, options: options).tokenIDs.count == 8)
    }
}
