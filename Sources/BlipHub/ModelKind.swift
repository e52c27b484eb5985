import Foundation

/// What a repository holds where it is no BLIP checkpoint, and what to do then.
enum ModelKind {
    /// By the names of its files, where there are none that can be run.
    static func otherThanWeights(_ files: [String]) -> (what: String, advice: String) {
        let has = { (ending: String) in files.contains { $0.hasSuffix(ending) } }
        if files.contains("adapter_config.json") {
            return (
                "an adapter (LoRA or the like), which is no model by itself",
                "pull its base model, download the adapter's two files into a folder, and give that folder "
                    + "to --model, which merges them"
            )
        }
        if let file = files.sorted().first(where: {
            $0.hasSuffix("/model.safetensors") || $0.hasSuffix("/pytorch_model.bin")
        }), !files.contains("model_index.json") {
            let folder = file.split(separator: "/").dropLast().joined(separator: "/")
            return (
                "a model in its folder \(folder.printable) only, not at its top",
                "fetch that folder with: hf download NAME --include \("\(folder)/*".shellWord), and give it "
                    + "to --model"
            )
        }
        let formats = [
            ("model_index.json", "a diffusers pipeline"), (".h5", "TensorFlow weights only"),
            ("saved_model.pb", "TensorFlow weights only"), (".msgpack", "Flax weights only"),
            (".onnx", "ONNX weights only"), (".gguf", "GGUF weights only"),
            (".xml", "an OpenVINO model only"),
        ]
        if let (_, what) = formats.first(where: { has($0.0) }) {
            return (
                what,
                "pull a repository with model.safetensors or pytorch_model.bin, such as "
                    + "Salesforce/blip-vqa-base"
            )
        }
        if let file = files.first(where: { $0.hasSuffix(".pth") || $0.hasSuffix(".pt") }) {
            return (
                "weights under another name, \(file.printable)",
                "fetch that file with: hf download NAME \(file.shellWord), and give it to --model"
            )
        }
        return (
            "no config.json with a model.safetensors or pytorch_model.bin",
            "pull a BLIP checkpoint, such as Salesforce/blip-vqa-base"
        )
    }

    /// By its configuration.
    ///
    /// - Throws: ``HubError`` for another model than BLIP. One whose type is not told may be one.
    static func check(_ configuration: Data, of name: RepositoryName) throws(HubError) {
        struct Configuration: Decodable {
            enum CodingKeys: String, CodingKey { case type = "model_type" }
            let type: String?
        }
        let decoder = JSONDecoder()
        // As Python does: numbers may be NaN.
        decoder.allowsJSON5 = true
        guard let read = try? decoder.decode(Configuration.self, from: configuration) else {
            throw HubError(
                .noWeights,
                "\(name): its config.json cannot be read; tell its owner, or pull another")
        }
        guard let type = read.type, type != "blip" else { return }
        let known = [
            "blip-2": "a BLIP-2 model", "blip_2": "a BLIP-2 model",
            "instructblip": "an InstructBLIP model",
        ]
        throw HubError(
            .noWeights,
            "\(name) is \(known[type] ?? "a model of the type \"\(type.printable)\""), and this program "
                + "runs BLIP only; pull a BLIP checkpoint, such as Salesforce/blip-vqa-base")
    }
}
