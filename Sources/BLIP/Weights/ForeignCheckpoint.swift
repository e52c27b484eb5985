import BlipCheckpoint

/// Checkpoints that look like BLIP's, or are BLIP's in a form that cannot be run, told by their tensors.
enum ForeignCheckpoint {
    private static let original = "use the checkpoint that it was made of"

    /// What a name in a checkpoint gives away: what it is, and what to do.
    private static let marks: [(mark: String, kind: String, remedy: String)] = [
        (
            ".bitsandbytes__nf4", "was quantized to 4 bits (nf4) by bitsandbytes",
            "\(original); blip convert --weights int4 makes it as small"
        ),
        (
            ".bitsandbytes__fp4", "was quantized to 4 bits (fp4) by bitsandbytes",
            "\(original); blip convert --weights int4 makes it as small"
        ),
        (
            ".SCB", "was quantized to 8 bits (LLM.int8) by bitsandbytes",
            "\(original); blip convert --weights int8 makes it as small"
        ),
        (".qweight", "was quantized by GPTQ or AWQ", original),
        (
            ".crossattention.self0.",
            "is an NLVR2 model, which judges a sentence about two pictures",
            "use one that captions, answers or matches"
        ),
        ("qformer.", "is a BLIP-2 or InstructBLIP model", "use one of BLIP"),
        (
            "visual_projection.weight",
            "is a BlipModel, which has neither a text decoder nor a matching head",
            "use one of BlipForConditionalGeneration, BlipForQuestionAnswering or "
                + "BlipForImageTextRetrieval"
        ),
    ]

    /// Refuses such a checkpoint.
    ///
    /// - Parameter tensors: under transformers' names.
    static func refuse(
        _ tensors: [String: TensorEntry], of checkpoint: Checkpoint
    ) throws(BlipError) {
        let (file, names) = (checkpoint.location.lastPathComponent, checkpoint.tensors.keys)
        for (mark, kind, remedy) in marks where names.contains(where: { $0.contains(mark) }) {
            throw BlipError(.invalidConfiguration, "\(file) \(kind); \(remedy)")
        }
        guard tensors["vision_model.embeddings.patch_embedding.weight"] == nil else { return }
        if names.contains(where: { $0.contains("lora_") }) {
            throw BlipError(
                .missingTensor,
                "\(file) holds a LoRA adapter and no model; give the adapter's folder, with \(AdapterConfiguration.fileName) in it"
            )
        }
        let some = names.sorted().prefix(3).map { "\"\($0.quotable)\"" }.joined(separator: ", ")
        throw BlipError(
            .missingTensor,
            "\(file) holds no BLIP model, or not all of one: of its \(names.count) tensors (\(some)"
                + (names.count > 3 ? ", …)" : ")")
                + " none is \"vision_model.embeddings.patch_embedding.weight\"; choose a BLIP checkpoint"
        )
    }
}
