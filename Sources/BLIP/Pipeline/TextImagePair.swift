/// A text, and the picture that it is matched with.
public struct TextImagePair: Sendable {
    /// What may fit the picture, in words.
    public let text: String
    /// The picture.
    public let image: EncodedImage

    /// - Parameters:
    ///   - text: what may fit the picture, in words.
    ///   - image: encoded by the model that is to match.
    public init(_ text: String, with image: EncodedImage) {
        self.text = text
        self.image = image
    }
}
