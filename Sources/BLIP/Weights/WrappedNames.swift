import BlipCheckpoint

/// The names of a checkpoint's tensors without what a model was wrapped in when it was saved.
enum WrappedNames {
    /// What every name in a BLIP checkpoint begins with, of transformers' classes and Salesforce's; what
    /// stands before belongs to a model around it.
    private static let roots: Set<Substring> = [
        "vision_model", "visual_encoder", "text_encoder", "text_decoder", "text_model", "itm_head",
        "vision_proj", "text_proj", "visual_projection", "text_projection",
    ]

    /// The names that torch.compile, data parallelism, FSDP and activation checkpoints give the one
    /// module that they wrap, wherever it stands.
    private static let wrappers: Set<Substring> = [
        "_orig_mod", "module", "_fsdp_wrapped_module", "_checkpoint_wrapped_module",
    ]

    /// The tensors under the names that they have in a model of its own.
    ///
    /// - Throws: ``BlipError`` where two models are in the file, and none of them is the outermost.
    static func removed(
        from tensors: [String: TensorEntry]
    ) throws(BlipError) -> [String: TensorEntry] {
        var found: [String: (prefix: String, entry: TensorEntry)] = [:]
        // Of those that end up with one name, the one that was wrapped least comes first.
        let names = tensors.map { (parts: parts(of: $0.key), whole: $0.key, entry: $0.value) }
            .sorted {
                ($0.parts.prefix, $0.whole.utf8.count, $0.whole)
                    < ($1.parts.prefix, $1.whole.utf8.count, $1.whole)
            }
        for (parts, _, entry) in names {
            guard let first = found[parts.name] else {
                found[parts.name] = (parts.prefix, entry)
                continue
            }
            // As transformers reads it: what has no place in the model is passed over.
            if first.prefix.isEmpty { continue }
            throw BlipError(
                .wrongTensor,
                "The checkpoint holds two models, below \"\(first.prefix.quotable)\" and \"\(parts.prefix.quotable)\"; "
                    + "save the state_dict() of the one that you mean")
        }
        return found.mapValues(\.entry)
    }

    /// The name of an adapted module in the model that peft was given, which may be a part of this model, or
    /// have it as a part.
    static func module(of factor: TensorEntry) -> String {
        let components = components(of: factor.name)
        let start = peftsOwn(in: components).last.map { $0 + 2 } ?? 0
        return components[start...].prefix { !$0.hasPrefix("lora_") }
            .filter { $0 != "base_layer" }.joined(separator: ".")
    }

    private static func components(of name: String) -> [Substring] {
        name.split(separator: ".", omittingEmptySubsequences: false)
            .filter { !wrappers.contains($0) }
    }

    /// Where peft's two components stand.
    private static func peftsOwn(in components: [Substring]) -> [Int] {
        components.indices.dropLast().filter {
            components[$0] == "base_model" && components[$0 + 1] == "model"
        }
    }

    private static func parts(of name: String) -> (prefix: String, name: String) {
        var components = components(of: name)
        // Also where it wraps a part of the model.
        for index in peftsOwn(in: components).reversed() {
            components.removeSubrange(index...index + 1)
        }
        guard let root = components.firstIndex(where: roots.contains) else {
            return ("", components.joined(separator: "."))
        }
        return (
            components[..<root].joined(separator: "."),
            components[root...].joined(separator: ".")
        )
    }
}
