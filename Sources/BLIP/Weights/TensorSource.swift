package import BlipCheckpoint
import ModelGraph

/// A checkpoint's tensors under the names that transformers gives them, with tied weights found
/// where the file leaves one of them out, and an adapter merged into them.
package struct TensorSource: Sendable {
    package let checkpoint: Checkpoint
    var tensors: [String: TensorEntry]
    /// What was merged, and how strongly: with the files' stamps, it tells what the weights are.
    var merged: [String] = []
    /// Whether the names are those of Salesforce's own code.
    let isSalesforces: Bool

    /// - Parameter adapter: of a checkpoint that is a model with an adapter, or has one's file beside it.
    /// - Throws: ``BlipError`` for tensors that are no BLIP model's, or an adapter that cannot be merged.
    init(checkpoint: Checkpoint, adapter: AdapterConfiguration? = nil) throws {
        self.checkpoint = checkpoint
        var adapted = try AdaptedTensors(WrappedNames.removed(from: checkpoint.tensors))
        isSalesforces = SalesforceNames.areUsed(in: adapted.tensors)
        if isSalesforces { adapted = adapted.renamedFromSalesforces() }
        tensors = adapted.tensors
        try ForeignCheckpoint.refuse(tensors, of: checkpoint)
        var updates = adapted.factors
        for file in checkpoint.others {
            var added = try AdaptedTensors(WrappedNames.removed(from: file))
            if isSalesforces { added = added.renamedFromSalesforces() }
            try replace(added.tensors)
            updates.merge(added.factors) { $1 }
        }
        try widenDoubles()
        guard !updates.isEmpty else { return }
        guard let adapter else {
            throw BlipError(
                .invalidConfiguration,
                "\(checkpoint.location.lastPathComponent) is a model with a LoRA adapter, whose scale stands in "
                    + "adapter_config.json; put that file beside it")
        }
        try AdapterMerge(checkpoint: checkpoint, configuration: adapter).merge(updates, into: &self)
    }

    /// Puts tensors that an adapter has whole in the place of the model's.
    private mutating func replace(_ others: [String: TensorEntry]) throws(BlipError) {
        for (name, entry) in others {
            guard let own = self.entry(name), own.shape == entry.shape else {
                throw AdapterConfiguration.notMerged(
                    "The adapter has a tensor \"\(name.quotable)\" that fits none of the model's")
            }
            tensors[name] = entry
        }
    }

    /// OpenVINO's processors compute in F32 at most, and transformers is asked to as well.
    private mutating func widenDoubles() throws {
        for (name, entry) in tensors.sorted(by: { $0.key < $1.key }) where entry.dataType == .f64 {
            tensors[name] = try checkpoint.replacing(entry, with: checkpoint.floats(of: entry))
        }
    }

    /// The names under which the file has a weight: its own and those that it is tied to.
    func tiedNames(_ name: String) -> [String] {
        let tied = Self.ties.filter { name.hasSuffix($0.0) }
            .map { String(name.dropLast($0.0.count)) + $0.1 }
        return Set(tied + [name]).filter { tensors[$0] != nil }.sorted()
    }

    /// The tensor of that name, or the one that it is tied to, or `nil`.
    ///
    /// Ties are those of transformers' `BlipTextLMHeadModel`.
    package func entry(_ name: String) -> TensorEntry? {
        if let entry = tensors[name] { return entry }
        for (suffix, tied) in Self.ties where name.hasSuffix(suffix) {
            if let entry = tensors[name.dropLast(suffix.count) + tied] { return entry }
        }
        return nil
    }

    private static let ties = [
        ("cls.predictions.decoder.weight", "bert.embeddings.word_embeddings.weight"),
        ("bert.embeddings.word_embeddings.weight", "cls.predictions.decoder.weight"),
        ("cls.predictions.decoder.bias", "cls.predictions.bias"),
        ("cls.predictions.bias", "cls.predictions.decoder.bias"),
    ]

    func contains(_ name: String) -> Bool { entry(name) != nil }

    /// The tensor of that name, checked against the shape that the configuration asks for.
    func entry(_ name: String, shape: [Int]) throws(BlipError) -> TensorEntry {
        guard let entry = entry(name) else {
            throw BlipError(
                .missingTensor,
                "The checkpoint has no tensor \"\(name)\"; its files are incomplete, or config.json "
                    + "belongs to another checkpoint")
        }
        guard entry.shape == shape else {
            throw BlipError(
                .wrongTensor,
                "The tensor \"\(name)\" has the shape \(entry.shape) where config.json asks for "
                    + "\(shape); the two belong to different checkpoints")
        }
        return entry
    }
}

extension TensorEntry {
    /// The element type in the graph's terms, or `nil` for one that weights cannot have.
    var scalarType: ScalarType? {
        switch dataType {
        case .f32: .f32
        case .f16: .f16
        case .bf16: .bf16
        default: nil
        }
    }
}
