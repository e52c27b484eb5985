/// Pictures whose keys and values were computed together, and lie in memory that is freed when the last of
/// them goes.
struct SharedContext {
    private struct Holder {
        weak var image: EncodedImage?
    }

    private let part: ModelPart
    private let holders: [Holder]

    init(_ part: ModelPart, of images: [EncodedImage]) {
        self.part = part
        holders = images.map { Holder(image: $0) }
    }

    /// Gives the pictures memory of their own once most of those that they share it with are gone. Asked
    /// whenever other pictures' are computed: then no more is held than twice what is needed.
    ///
    /// - Returns: whether they still share it.
    func separateIfFew() throws -> Bool {
        let images = holders.compactMap(\.image)
        guard images.count * 2 < holders.count else { return true }
        for image in images {
            image.contexts[part] = try image.contexts[part]?.separated()
        }
        return false
    }
}
