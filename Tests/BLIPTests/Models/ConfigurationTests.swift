@testable import BLIP
import Foundation
import Testing

@Suite("config.json, as it is published and as it must not be")
struct ConfigurationTests {
    private func decode(_ json: String) throws -> BlipConfiguration {
        try JSONDecoder().decode(BlipConfiguration.self, from: Data(json.utf8))
    }

    @Test func defaultsAreThoseOfTransformers() throws {
        let configuration = try decode(#"{"model_type": "blip"}"#)
        #expect(configuration.text.headCount == 8)
        #expect(configuration.text.beginTokenID == 30522)
        #expect(configuration.text.endTokenID == 102)
        #expect(configuration.vision.tokenCount == 577)
        #expect(configuration.vision.layerNormEpsilon == 1e-5)
        #expect(configuration.imageTextHiddenSize == 256)
    }

    @Test(arguments: [
        (#"{"model_type": "bert"}"#, "\"bert\""),
        (
            #"{"model_type": "blip", "text_config": {"num_attention_heads": 7}}"#,
            "num_attention_heads"
        ),
        (#"{"model_type": "blip", "text_config": {"hidden_size": 0}}"#, "hidden_size"),
        (#"{"model_type": "blip", "text_config": {"bos_token_id": 40000}}"#, "bos_token_id"),
        (#"{"model_type": "blip", "vision_config": {"patch_size": 0}}"#, "patch_size"),
        (#"{"model_type": "blip", "vision_config": {"image_size": 99999999}}"#, "image_size"),
        (#"{"model_type": "blip", "vision_config": {"hidden_act": "xielu"}}"#, "xielu"),
        (
            #"{"model_type": "blip", "vision_config": {"num_hidden_layers": -1}}"#,
            "num_hidden_layers"
        ),
    ])
    func refused(json: String, naming: String) throws {
        let error = #expect(throws: BlipError.self) { try decode(json) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains(naming) == true)
    }

    @Test(arguments: [
        "", "{", "[]", #"{"model_type": 3}"#, #"{"model_type": "blip", "text_config": 1}"#,
    ])
    func aFileThatIsNone(content: String) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(content.utf8).write(to: folder.appending(path: "config.json"))
        let error = #expect(throws: BlipError.self) { try BlipConfiguration(folder: folder) }
        #expect(error?.message.contains(folder.appending(path: "config.json").path) == true)
    }
}
