import BLIP
import BlipPictures
import BlipResources
import BlipTokenizer
import Foundation
import Testing

@Suite("Values that people keep, and errors that they catch")
struct ValueTests {
    private let folder = Record.fixtures.appending(path: "checkpoints/all-tasks")
    private let options = RuntimeOptions(device: "CPU", precision: .f32)
    private let photo = Record.fixtures.appending(path: "photos/china.jpg")

    private func decoded<Value: Codable>(_ value: Value) throws -> Value {
        try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
    }

    @Test func resultsAreKept() async throws {
        let model = try BlipModel(folder: folder, options: options)
        let image = try await model.encode(contentsOf: photo)
        let caption = try await model.caption(image)
        #expect(try decoded(caption) == caption)
        let match = try await model.match("a house", with: image)
        #expect(try decoded(match) == match)
        let ranking = try await model.rank(["yes", "no"], for: "is it?", about: image)
        #expect(try decoded(ranking) == ranking)
        let embedding = try await model.embedding(of: image)
        #expect(try decoded(embedding) == embedding)
        let text = try await model.embeddings(of: ["a house"])[0]
        #expect(abs(embedding.cosine(to: text) - (try #require(match.similarity))) < 1e-5)
        #expect(abs(text.cosine(to: text) - 1) < 1e-5)
        #expect(text.cosine(to: Embedding([1])).isNaN)
    }

    @Test func encodingSettingsAreReadAsTheyAreWritten() {
        for settings in [
            EncodingSettings(imageSize: 384), EncodingSettings(imageSize: 64, weights: .int8),
        ] {
            #expect(EncodingSettings("\(settings)") == settings)
            #expect(EncodingSettings("\(settings) prompt= --weights int4") == settings)
        }
        for text in ["", "prompt=", "--image-size", "--image-size 64 --weights int9"] {
            #expect(EncodingSettings(text) == nil)
        }
    }

    @Test func aModelWithoutProjectionsSaysSo() async throws {
        let model = try BlipModel(
            folder: Record.fixtures.appending(path: "checkpoints/caption-f16"), options: options)
        let image = try await model.encode(contentsOf: photo)
        #expect(await !model.hasEmbeddings)
        let error = await #expect(throws: BlipError.self) { try await model.embedding(of: image) }
        #expect(error?.code == .taskUnavailable)
        await #expect(throws: BlipError.self) { try await model.embeddings(of: ["a"]) }
    }

    @Test func anImageTellsWhatItHoldsAndLetsGo() async throws {
        let model = try BlipModel(folder: folder, options: options)
        let image = try await model.encode(contentsOf: photo)
        let encoded = image.byteCount
        #expect(encoded >= 4 * image.shape.tokens * image.shape.width)
        let caption = try await model.caption(image)
        // A key and a value of each layer for each token.
        let text = model.configuration.text
        #expect(
            image.byteCount == encoded + 4 * image.shape.tokens * 2 * text.layerCount
                * text.hiddenSize)
        try await model.releaseContexts(of: image)
        #expect(image.byteCount == encoded)
        #expect(try await model.caption(image).tokenIDs == caption.tokenIDs)
    }

    @Test func whatCannotBeAModelIsToldOf() throws {
        let refusal = { (folder: URL, options: RuntimeOptions) throws -> any BlipFailure in
            do {
                _ = try BlipModel(folder: folder, options: options)
            } catch let failure as any BlipFailure {
                return failure
            }
            throw CancellationError()
        }
        let threads = try #require(refusal(folder, RuntimeOptions(threads: 0)) as? BlipError)
        #expect("\(threads.code)" == "invalidOption")
        let address = try #require(URL(string: "https://example.com/model"))
        #expect("\(try refusal(address, options))".contains("blip pull OWNER/NAME"))
        let name = try refusal(URL(filePath: "Salesforce/blip-vqa-base"), options)
        #expect("\(name)".contains("blip pull Salesforce/blip-vqa-base fetches"))
        let missing = URL(filePath: "/nowhere/model")
        #expect((try refusal(missing, options) as? BlipError)?.code == .missingModel)
        let picture = #expect(throws: PictureError.self) { try Picture(contentsOf: address) }
        #expect(picture.map { "\($0.code)" } == "missingFile")
    }

    @Test func resourcesThatAreGoneAreToldOf() throws {
        let here = ResourceFolder.url(of: "BLIP").appending(path: "bert-base-uncased/vocab.txt")
        #expect(FileManager.default.fileExists(atPath: here.path))
        let error = #expect(throws: TokenizerError.self) {
            try WordPieceTokenizer(folder: ResourceFolder.url(of: "Gone"))
        }
        #expect(error?.message.contains("swift-blip_Gone.") == true)
    }
}
