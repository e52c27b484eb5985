@testable import BLIP
import Foundation
import BlipPictures
import Testing

/// Files as people's training scripts leave them. The tokens are those of the same weights by themselves.
@Suite("Checkpoints that people have")
struct FoundCheckpointTests {
    private static let base = "caption-untied-missing"

    private func expectSameCaptions(_ folder: URL) async throws {
        let record = try Record(named: Self.base)
        let given = try #require(record.options["default"])
        let model = try BlipModel(
            folder: folder, options: RuntimeOptions(device: "CPU", precision: .f32))
        #expect(model.tasks == [.caption])
        let photos = record.photos.filter { $0.captions?["default"] != nil }.prefix(2)
        #expect(photos.count == 2)
        for photo in photos {
            let image = try await model.encode(
                Picture(contentsOf: Record.fixtures.appending(path: photo.photo)))
            let found = try await model.caption(image, options: given.generation)
            #expect(found.tokenIDs == photo.captions?["default"]?.ids)
        }
    }

    @Test(arguments: [
        "blip.", "module.", "_orig_mod.", "model.", "base_model.model.", "module._orig_mod.model.",
        "_fsdp_wrapped_module.", "net.student.", "base_model.model.module.blip.",
    ])
    func prefixes(prefix: String) async throws {
        let copy = try CheckpointCopy("checkpoints/\(Self.base)")
        try copy.changeTensors { tensors in
            tensors.rename { prefix + $0 }
            // What a wrapper has beside it plays no part.
            tensors["classifier.weight"] = .init(type: "F32", shape: [1], bytes: Data(count: 4))
        }
        try await expectSameCaptions(copy.folder)
    }

    @Test func wrappedParts() async throws {
        let copy = try CheckpointCopy("checkpoints/\(Self.base)")
        try copy.changeTensors { tensors in
            tensors.rename {
                $0.replacing("vision_model.", with: "vision_model._orig_mod.")
                    .replacing(
                        "encoder.layers.0.", with: "encoder.layers.0._checkpoint_wrapped_module."
                    )
                    .replacing("text_decoder.", with: "text_decoder.base_model.model.")
                    .replacing("cls.", with: "cls.module.")
            }
        }
        try await expectSameCaptions(copy.folder)
    }

    @Test func doubles() async throws {
        let copy = try CheckpointCopy("checkpoints/\(Self.base)")
        try copy.changeTensors { tensors in
            for (name, tensor) in tensors where tensor.type == "F32" {
                let floats = tensor.bytes.withUnsafeBytes { bytes in
                    (0..<bytes.count / 4).map {
                        bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self)
                    }
                }
                let doubles = floats.map(Double.init).withUnsafeBytes { Data($0) }
                tensors[name] = .init(type: "F64", shape: tensor.shape, bytes: doubles)
            }
        }
        try await expectSameCaptions(copy.folder)
    }

    /// A trainer's folder, of which only the weights are a model's.
    @Test func besideATrainersState() async throws {
        let copy = try CheckpointCopy("checkpoints/\(Self.base)")
        try copy.write("random numbers", "rng_state.pth")
        try copy.write("moments", "optimizer.pt")
        try await expectSameCaptions(copy.folder)
        try copy.remove("model.safetensors")
        #expect(throws: (any Error).self) { try BlipModel(folder: copy.folder) }
    }

    /// An average of the weights beside them; transformers takes those at the top.
    @Test func anotherModelBelow() async throws {
        let copy = try CheckpointCopy("checkpoints/\(Self.base)")
        try copy.changeTensors { tensors in
            for (name, tensor) in tensors {
                var zeros = tensor
                zeros.bytes = Data(count: tensor.bytes.count)
                tensors["ema.\(name)"] = zeros
            }
        }
        try await expectSameCaptions(copy.folder)
        try copy.changeTensors { tensors in
            tensors.rename { $0.hasPrefix("ema.") ? $0 : "model.\($0)" }
        }
        let error = #expect(throws: BlipError.self) { try BlipModel(folder: copy.folder) }
        #expect(error?.message.contains("two models, below \"ema\" and \"model\"") == true)
    }

    /// The same below a wrapper that is taken off where there is no other.
    @Test func anotherModelInAWrapper() async throws {
        let copy = try CheckpointCopy("checkpoints/\(Self.base)")
        try copy.changeTensors { tensors in
            for (name, tensor) in tensors {
                var zeros = tensor
                zeros.bytes = Data(count: tensor.bytes.count)
                tensors["module.\(name)"] = zeros
            }
        }
        try await expectSameCaptions(copy.folder)
    }

    /// What is no BLIP model that runs here is called what it is, and no message has an empty list.
    @Test(arguments: [
        ("text_encoder.encoder.layer.0.crossattention.self0.query.weight", "NLVR2"),
        ("visual_projection.weight", "BlipModel"),
        ("vision_model.encoder.layers.0.mlp.fc1.weight.quant_state.bitsandbytes__nf4", "nf4"),
        ("vision_model.encoder.layers.0.mlp.fc1.SCB", "8 bits"),
        ("model.decoder.layers.0.fc1.qweight", "GPTQ"),
        ("qformer.layernorm.weight", "BLIP-2"),
    ])
    func foreign(tensor: String, naming: String) throws {
        let copy = try CheckpointCopy("checkpoints/\(Self.base)")
        try copy.changeTensors {
            $0[tensor] = .init(type: "F32", shape: [1], bytes: Data(count: 4))
        }
        let error = #expect(throws: BlipError.self) { try BlipModel(folder: copy.folder) }
        #expect(error?.message.contains(naming) == true, "\(error?.message ?? "")")
    }

    @Test(arguments: [true, false])
    func onlySomeTensors(hasVision: Bool) throws {
        let copy = try CheckpointCopy("checkpoints/\(Self.base)")
        try copy.changeTensors { tensors in
            tensors = tensors.filter { $0.key.hasPrefix("vision_model.") == hasVision }
        }
        let error = #expect(throws: BlipError.self) { try BlipModel(folder: copy.folder) }
        let naming =
            hasVision ? "neither a text decoder nor a matching head" : "holds no BLIP model"
        #expect(error?.message.contains(naming) == true, "\(error?.message ?? "")")
    }

    /// Without `config.json`, heads are 64 wide, which models of other widths cannot have.
    @Test func withoutConfiguration() async throws {
        let copy = try CheckpointCopy("checkpoints/\(Self.base)")
        try copy.remove("config.json")
        let error = #expect(throws: BlipError.self) { try BlipModel(folder: copy.folder) }
        #expect(error?.message.contains("config.json") == true)
    }
}
