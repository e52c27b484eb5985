/// The names that Salesforce's own `.pth` files give their tensors.
///
/// Only the vision model's differ from transformers'; momentum copies and queues of the training
/// are left out. Reference: transformers' `convert_blip_original_pytorch_to_hf.py`.
enum SalesforceNames {
    static func areUsed<Tensor>(in tensors: [String: Tensor]) -> Bool {
        tensors["visual_encoder.cls_token"] != nil
    }

    /// The tensors under transformers' names.
    static func renamed<Tensor>(_ tensors: [String: Tensor]) -> [String: Tensor] {
        Dictionary(
            tensors.compactMap { name, entry in renamed(name).map { ($0, entry) } },
            uniquingKeysWith: { first, _ in first })
    }

    private static let prefix = "visual_encoder."
    private static let embeddings = [
        "cls_token": "class_embedding", "pos_embed": "position_embedding",
        "patch_embed.proj.weight": "patch_embedding.weight",
        "patch_embed.proj.bias": "patch_embedding.bias",
    ]
    private static let parts = [
        "blocks": "layers", "attn": "self_attn", "proj": "projection", "norm1": "layer_norm1",
        "norm2": "layer_norm2",
    ]

    /// `nil` for a tensor that only training needs.
    private static func renamed(_ name: String) -> String? {
        let module = name.split(separator: ".").first ?? ""
        if module.hasSuffix("_m") || module.hasSuffix("_queue")
            || ["temp", "ptr_queue", "queue_ptr", "idx_queue"].contains(module)
        {
            return nil
        }
        guard name.hasPrefix(prefix) else { return name }
        let rest = String(name.dropFirst(prefix.count))
        if let embedding = embeddings[rest] { return "vision_model.embeddings.\(embedding)" }
        if rest.hasPrefix("norm.") {
            return "vision_model.post_layernorm.\(rest.dropFirst("norm.".count))"
        }
        let path = rest.split(separator: ".").map { parts[String($0)] ?? String($0) }
        return "vision_model.encoder." + path.joined(separator: ".")
    }
}
