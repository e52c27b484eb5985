import BlipCheckpoint

/// Tensors as peft saves them, sorted into those of the model itself and those of an adapter.
///
/// An adapter's file has `MODULE.lora_A.weight` and the like. The state of a model with an adapter has
/// besides the model's own as `MODULE.base_layer.weight`, and the adapter's name: `MODULE.lora_A.NAME.weight`.
struct AdaptedTensors {
    /// The two factors of a module's update, and what is added to its bias.
    struct Factors {
        /// The module's name in the model that peft was given.
        let module: String
        var first: TensorEntry?
        var second: TensorEntry?
        var bias: TensorEntry?
        /// Of a table of embeddings, whose factors are transposed.
        var isTable = false
    }

    /// Those of the model, trained anew or not, by their names in it.
    private(set) var tensors: [String: TensorEntry] = [:]
    /// By module.
    private(set) var factors: [String: Factors] = [:]

    /// - Throws: ``BlipError`` for several adapters, or one of another kind than LoRA.
    init(_ named: [String: TensorEntry]) throws(BlipError) {
        var adapters: Set<Substring> = []
        for (name, entry) in named.sorted(by: { $0.key < $1.key }) {
            var components = name.split(separator: ".", omittingEmptySubsequences: false)
                .filter { $0 != "base_layer" }
            if components.contains("original_module") { continue }
            if let index = components.firstIndex(of: "modules_to_save") {
                // The adapter's name follows.
                let rest = components[(index + 1)...]
                if let adapter = rest.first, rest.count > 1 { adapters.insert(adapter) }
                components.removeSubrange(index..<index + min(2, max(1, rest.count)))
            }
            guard let index = components.firstIndex(where: { $0.hasPrefix("lora_") }) else {
                tensors[components.joined(separator: ".")] = entry
                continue
            }
            let module = components[..<index].joined(separator: ".")
            var rest = components[(index + 1)...]
            let isBias = rest.last == "bias"
            if isBias || rest.last == "weight" { rest.removeLast() }
            if let adapter = rest.first { adapters.insert(adapter) }
            var added = factors[module] ?? Factors(module: WrappedNames.module(of: entry))
            try added.add(entry, as: components[index], isBias: isBias)
            factors[module] = added
        }
        guard adapters.count < 2 else {
            throw AdapterConfiguration.notMerged(
                "The checkpoint holds \(adapters.count) adapters (\(adapters.sorted().joined(separator: ", ").quotable))"
            )
        }
    }

    /// The same under transformers' names, where those are Salesforce's.
    func renamedFromSalesforces() -> AdaptedTensors {
        var renamed = self
        renamed.tensors = SalesforceNames.renamed(tensors)
        renamed.factors = SalesforceNames.renamed(factors)
        return renamed
    }
}

extension AdaptedTensors.Factors {
    fileprivate mutating func add(
        _ entry: TensorEntry, as part: Substring, isBias: Bool
    ) throws(BlipError) {
        switch (part, isBias) {
        case ("lora_A", false): first = entry
        case ("lora_B", false), ("lora_embedding_B", false): second = entry
        case ("lora_B", true): bias = entry
        case ("lora_embedding_A", false):
            first = entry
            isTable = true
        default:
            throw AdapterConfiguration.notMerged("The adapter holds \"\(entry.name.quotable)\"")
        }
    }
}
