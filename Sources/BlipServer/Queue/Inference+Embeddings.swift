import BLIP

/// What a vector is wanted of.
enum EmbeddingInput: Sendable {
    case text(String)
    case picture(PictureInput)

    /// Reads a request's inputs, and refuses too many and empty ones.
    static func list(_ items: [EmbeddingsRequest.Item]) throws(ServiceError) -> [EmbeddingInput] {
        guard !items.isEmpty else {
            throw .invalid("There is no input; send a text, or a picture as a data URL")
        }
        guard items.count <= Limits.embeddings else {
            throw .invalid(
                "\(items.count) inputs are too many for one request; send at most "
                    + "\(Limits.embeddings)")
        }
        var inputs: [EmbeddingInput] = []
        var pictures = 0
        for item in items {
            switch item {
            case .picture(let picture):
                pictures += 1
                try PictureInput.checkCount(pictures)
                inputs.append(.picture(try PictureInput(base64: picture)))
            case .text(let text):
                try validate(texts: [text], "input")
                inputs.append(.text(text))
            }
        }
        return inputs
    }

    fileprivate var text: String? { if case .text(let text) = self { text } else { nil } }
    fileprivate var picture: PictureInput? {
        if case .picture(let picture) = self { picture } else { nil }
    }
}

extension Inference {
    /// Refuses where the checkpoint has no vectors.
    func check(_ inputs: [EmbeddingInput]) throws {
        guard model.tasks.contains(.match) else { throw Self.noProjections }
        try model.validate(matching: inputs.compactMap(\.text))
        try check(inputs.compactMap(\.picture))
    }

    /// Unit vectors in the space that texts and pictures share: the projections of BLIP's image-text
    /// contrastive loss.
    ///
    /// - Parameter permit: the request's; pictures that are fetched are held in its memory.
    func vectors(
        of inputs: [EmbeddingInput], _ permit: Admission.Permit
    ) async throws -> [[Float]] {
        guard await model.hasEmbeddings else { throw Self.noProjections }
        let texts = inputs.compactMap(\.text)
        var textVectors: [[Float]] = []
        for start in stride(from: 0, to: texts.count, by: batchRows) {
            let batch = Array(texts[start..<min(start + batchRows, texts.count)])
            textVectors += try await model.embeddings(of: batch).map(\.values)
        }
        let pictures = try await encode(inputs.compactMap(\.picture), permit)
        var pictureVectors: [[Float]] = []
        for picture in pictures {
            pictureVectors.append(try await model.embedding(of: picture.image).values)
        }
        var nextText = textVectors.makeIterator()
        var nextPicture = pictureVectors.makeIterator()
        return inputs.compactMap { $0.text == nil ? nextPicture.next() : nextText.next() }
    }

    func tokenCount(of inputs: [EmbeddingInput]) -> Int {
        inputs.compactMap(\.text).reduce(0) { $0 + model.tokenCount(of: $1) }
    }

    private static let noProjections = ServiceError(
        .badRequest, "task_unavailable",
        "This checkpoint has no embeddings that texts and pictures share; serve one for retrieval, "
            + "such as Salesforce/blip-itm-base-coco")
}
