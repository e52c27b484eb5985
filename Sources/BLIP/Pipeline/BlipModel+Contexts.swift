import OpenVINO

extension BlipModel {
    /// What a text model attends to of pictures, a row for each; a single one, which serves every text, where
    /// all are the same picture.
    func context(
        _ part: ModelPart, of images: [EncodedImage]
    ) throws -> CrossAttentionContext {
        try CrossAttentionContext(joining: rows(part, of: images.sharingOne))
    }

    /// Each picture's keys and values. They are computed once, together with those of the others that have
    /// none yet, and stay with the picture.
    func rows(
        _ part: ModelPart, of images: [EncodedImage]
    ) throws -> [CrossAttentionContext.Row] {
        for image in images { try check(image) }
        // What another device computed before this one took its place may be of another type.
        let unseen = images.filter {
            $0.contexts[part]?.context.elementType != parts.stateType
        }.unique
        if !unseen.isEmpty {
            sharedContexts = try sharedContexts.filter { try $0.separateIfFew() }
        }
        for unseen in Dictionary(grouping: unseen, by: \.shape.tokens).values {
            let embeddings = try Tensor.joining(unseen.map(\.embeddings))
            let context = try context(part, of: embeddings)
            for (index, image) in unseen.enumerated() {
                image.contexts[part] = .init(context: context, index: index)
            }
            if unseen.count > 1 { sharedContexts.append(SharedContext(part, of: unseen)) }
        }
        return images.compactMap { $0.contexts[part] }
    }

    /// What a text model attends to of states, computed with one of the two context graphs.
    ///
    /// - Parameters:
    ///   - states: shape [batch, context, width].
    ///   - lengths: the tokens of each row that count; `nil` for all.
    func context(
        _ part: ModelPart, of states: Tensor, lengths: [Int]? = nil
    ) throws -> CrossAttentionContext {
        let (rows, width) = (states.shape.first ?? 0, states.shape.dropFirst().first ?? 0)
        let allocated = parts.fixesShapes ? ShapeBuckets.batch(rows) : rows
        let sizes = PartSizes(batch: allocated, context: width)
        let model = try parts.model(part, sizes)
        return try parts.infer(part, sizes) {
            try CrossAttentionContext(
                of: states, lengths: lengths, allocating: allocated, with: model,
                layerCount: configuration.text.layerCount)
        }
    }
}

extension [EncodedImage] {
    /// Each picture once, in the order of their first places.
    var unique: [EncodedImage] {
        var seen: Set<ObjectIdentifier> = []
        return filter { seen.insert(ObjectIdentifier($0)).inserted }
    }

    /// The one image where all are the same, so that its row serves every text; else all.
    var sharingOne: [EncodedImage] {
        let unique = unique
        return unique.count == 1 ? unique : self
    }

    /// Places of texts that best run together: those about a picture that several are about, since they
    /// attend to one row; and those about all other pictures of one size.
    var runs: [[Int]] {
        let places = Dictionary(grouping: indices) { ObjectIdentifier(self[$0]) }
        let groups = unique.compactMap { places[ObjectIdentifier($0)] }
        let singles = Dictionary(grouping: groups.filter { $0.count == 1 }.flatMap(\.self)) {
            self[$0].shape.tokens
        }
        return groups.filter { $0.count > 1 } + singles.values
    }
}
