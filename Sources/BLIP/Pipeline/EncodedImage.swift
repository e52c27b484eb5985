import Foundation
import OpenVINO

/// A picture that a model has seen: encode it once, then caption it and ask about it.
///
/// It belongs to the model that made it, and holds its image embeddings and, once they were
/// needed, the keys and values that text attends to.
public final class EncodedImage: Sendable {
    /// What the encoding took.
    public let timings: StageTimings
    /// Tokens and width of the embeddings.
    public let shape: (tokens: Int, width: Int)

    // Tensors are not Sendable. These are written by the model that made the image, in its
    // isolation, and read only there; `model` is checked before.
    nonisolated(unsafe) let embeddings: Tensor
    nonisolated(unsafe) let projection: Tensor?
    nonisolated(unsafe) var contexts: [ModelPart: CrossAttentionContext.Row] = [:]
    /// Of the model that made it.
    let model: UUID

    init(
        embeddings: Tensor, projection: Tensor?, timings: StageTimings,
        model: UUID
    ) {
        shape = (embeddings.shape.dropFirst().first ?? 0, embeddings.shape.last ?? 0)
        self.embeddings = embeddings
        self.projection = projection
        self.timings = timings
        self.model = model
    }
}
