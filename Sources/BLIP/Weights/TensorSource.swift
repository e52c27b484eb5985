import Checkpoint
import ModelGraph

/// A checkpoint's tensors under the names that transformers gives them, with tied weights found
/// where the file leaves one of them out.
struct TensorSource: Sendable {
    let checkpoint: Checkpoint
    let tensors: [String: TensorEntry]

    init(checkpoint: Checkpoint) {
        self.checkpoint = checkpoint
        tensors =
            SalesforceNames.areUsed(in: checkpoint.tensors)
            ? SalesforceNames.renamed(checkpoint.tensors) : checkpoint.tensors
    }

    /// The tensor of that name, or the one that it is tied to, or `nil`.
    ///
    /// Ties are those of transformers' `BlipTextLMHeadModel`.
    func entry(_ name: String) -> TensorEntry? {
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
