internal import Foundation
internal import OpenVINO
internal import Synchronization

/// A picture that a model has seen: encode it once, then caption it and ask about it.
///
/// It belongs to the model that made it, and holds its image embeddings and, once they were
/// needed, the keys and values that text attends to: of a base-size model 1.8 MB, and 21 MB for each of the
/// text encoder and the decoder. A cache of many pictures counts ``byteCount``, and lets go of what can be
/// computed again with ``BlipModel/releaseContexts(of:)``.
public final class EncodedImage: Sendable {
    /// What the encoding took.
    public let timings: StageTimings
    /// Tokens and width of the embeddings.
    public let shape: (tokens: Int, width: Int)

    // Tensors are not Sendable. These are written by the model that made the image, in its
    // isolation, and read only there; `model` is checked before.
    nonisolated(unsafe) let embeddings: Tensor
    nonisolated(unsafe) let projection: Tensor?
    nonisolated(unsafe) var contexts: [ModelPart: CrossAttentionContext.Row] = [:] {
        didSet { contextBytes.withLock { $0 = contexts.values.reduce(0) { $0 + $1.byteCount } } }
    }
    private let contextBytes = Mutex(0)
    private let embeddingBytes: Int
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
        embeddingBytes = embeddings.byteCount + (projection?.byteCount ?? 0)
    }

    /// The memory that it takes now. Pictures that were encoded together share memory, of which this is one's
    /// part; as long as some of them live, they may hold up to twice their parts.
    public var byteCount: Int { embeddingBytes + contextBytes.withLock(\.self) }

    var embedding: Embedding? {
        get throws { try projection.map { Embedding(try $0.array(of: Float.self)) } }
    }
}

extension BlipModel {
    /// Lets go of the keys and values that texts attended to; the next text computes them again. The picture
    /// then takes no more than its embeddings.
    ///
    /// - Throws: ``BlipError`` for a picture of another model.
    public func releaseContexts(of image: EncodedImage) throws(BlipError) {
        try check(image)
        image.contexts = [:]
    }
}
