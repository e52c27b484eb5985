@testable import BLIP
@testable import BlipConversion
import Foundation
import ModelGraph
import BlipPictures
import Testing

/// Against transformers with the same weights; see `Tools/reference/make_salesforce.py`.
@Suite("Salesforce's own files")
struct SalesforceFileTests {
    private let folder = Record.fixtures.appending(path: "salesforce")
    private let exact = RuntimeOptions(device: "CPU", precision: .f32)

    private struct Recorded: Decodable {
        struct Texts: Decodable {
            let caption: [Int]
            let answer: [Int]
        }
        let question: String
        let photos: [String: Texts]
    }

    private func compare(_ model: BlipModel) async throws {
        let data = try Data(contentsOf: folder.appending(path: "record.json"))
        let recorded = try JSONDecoder().decode(Recorded.self, from: data)
        #expect(recorded.photos.count == 6)
        for (name, expected) in recorded.photos {
            let photo = Record.fixtures.appending(path: "photos/\(name)")
            let image = try await model.encode(Picture(contentsOf: photo))
            let options = GenerationOptions(maximumLength: 20)
            #expect(try await model.caption(image, options: options).tokenIDs == expected.caption)
            let answer = try await model.answer(recorded.question, about: image, options: options)
            #expect(answer.tokenIDs == expected.answer)
        }
    }

    @Test func aFileWithoutConfiguration() async throws {
        let model = try BlipModel(folder: folder.appending(path: "tiny.pth"), options: exact)
        #expect(model.tasks == [.caption, .answer])
        #expect(model.configuration.vision.layerNormEpsilon == 1e-6)
        try await compare(model)
    }

    @Test func theFolderAroundIt() async throws {
        try await compare(BlipModel(folder: folder, options: exact))
    }

    @Test func converted() async throws {
        let out = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: out) }
        _ = try BlipConverter(checkpoint: folder.appending(path: "tiny.pth")).write(to: out)
        try await compare(BlipModel(folder: out, options: exact))
    }

    /// By their products' names calibration finds weights and layers.
    @Test func productsAreNamedAsTransformersDoes() throws {
        let factory = try GraphFactory(
            CheckpointFiles(folder.appending(path: "tiny.pth"), modelCache: nil))
        let names = try factory.graph(.vision).products.map(\.name)
        #expect(names.contains("vision_model.encoder.layers.0.mlp.fc1"))
        #expect(names.allSatisfy { factory.source.contains("\($0).weight") })
    }

    @Test func namesOfTraining() {
        let names = [
            "visual_encoder.cls_token", "visual_encoder_m.cls_token", "text_encoder_m.x", "temp",
            "image_queue", "visual_encoder.blocks.3.attn.proj.weight", "visual_encoder.norm.bias",
            "text_decoder.bert.x",
        ]
        let tensors = Dictionary(uniqueKeysWithValues: names.map { ($0, $0) })
        #expect(SalesforceNames.areUsed(in: tensors))
        #expect(
            SalesforceNames.renamed(tensors).keys.sorted() == [
                "text_decoder.bert.x", "vision_model.embeddings.class_embedding",
                "vision_model.encoder.layers.3.self_attn.projection.weight",
                "vision_model.post_layernorm.bias",
            ])
    }
}
