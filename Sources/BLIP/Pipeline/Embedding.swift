/// A picture's or a text's unit vector in the space that both share, in which the cosine tells how alike
/// two are.
///
/// ```swift
/// let photo = try await model.embedding(of: image)
/// let texts = try await model.embeddings(of: ["a dog", "a cat"])
/// let similarities = texts.map { $0.cosine(to: photo) }
/// ```
///
/// It may be kept (it is `Codable`), and compared with those that the same checkpoint gives later, at the same picture
/// size and with the same weights.
public struct Embedding: Sendable, Hashable, Codable {
    /// `image_text_hidden_size` numbers, 256 in all published checkpoints.
    public let values: [Float]

    /// An embedding that was kept as numbers.
    public init(_ values: [Float]) { self.values = values }

    /// How alike the two are, -1 to 1; `nan` where one is zero or they are of different models' sizes.
    public func cosine(to other: Embedding) -> Float {
        guard values.count == other.values.count else { return .nan }
        return dot(other) / (dot(self) * other.dot(other)).squareRoot()
    }

    func dot(_ other: Embedding) -> Float {
        zip(values, other.values).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
