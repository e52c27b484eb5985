import BlipCheckpoint

extension GraphFactory {
    /// The same checkpoint for pictures of another size, its position embeddings interpolated.
    ///
    /// - Parameter side: height and width of the pictures in pixels.
    /// - Throws: ``BlipError`` for a size that is no multiple of the patch, or that memory cannot hold.
    package func sized(to side: Int) throws -> GraphFactory {
        let vision = configuration.vision
        guard side != vision.imageSize else { return self }
        try vision.check(imageSize: side)
        let name = "vision_model.embeddings.position_embedding"
        let entry = try source.entry(name, shape: [1, vision.tokenCount, vision.hiddenSize])
        var configuration = configuration
        configuration.vision.imageSize = side
        try configuration.checkMemory(MachineResources.current.availableMemory)
        let (old, new) = (vision.patchesPerSide, configuration.vision.patchesPerSide)
        var source = source
        if new != old {
            let values = try source.checkpoint.floats(of: entry)
            source.tensors[name] = try source.checkpoint.replacing(
                entry,
                with: PositionInterpolation(from: old, to: new)(
                    values, width: vision.hiddenSize),
                shape: [1, configuration.vision.tokenCount, vision.hiddenSize])
            source.merged.append("\(name) \(new)")
        }
        return GraphFactory(configuration: configuration, source: source)
    }
}

extension VisionConfiguration {
    /// Patches along a side of a picture.
    var patchesPerSide: Int { imageSize / patchSize }

    /// Refuses a size of pictures that the model cannot have.
    func check(imageSize side: Int) throws(BlipError) {
        // Its own may be none that its patches fill.
        if side == imageSize { return }
        guard side > 0, side.isMultiple(of: patchSize), side <= Self.largestImageSize else {
            let below = max(1, min(side, Self.largestImageSize) / patchSize) * patchSize
            let above = below + patchSize
            let fitting =
                side > below && above <= Self.largestImageSize ? "\(below) or \(above)" : "\(below)"
            throw BlipError(
                .invalidOption,
                "A picture size of \(side) does not fit this model, whose patches have \(patchSize) pixels a "
                    + "side; choose a multiple of that, such as \(fitting)")
        }
    }
}

extension BlipConfiguration {
    /// What a picture takes at most while the model looks at it, in bytes: the scores of one attention and
    /// their softmax, a feed-forward block's states, and the keys and values that a text model attends to.
    var bytesPerPicture: Double {
        let tokens = Double(vision.tokenCount)
        let scores = 2 * Double(vision.headCount) * tokens * tokens
        let states = tokens * Double(2 * vision.intermediateSize + 4 * vision.hiddenSize)
        let contexts = tokens * Double(2 * text.layerCount * text.hiddenSize)
        return 4 * (scores + states + contexts)
    }

    /// - Parameter available: bytes of memory; `nil` where unknown.
    fileprivate func checkMemory(_ available: Int?) throws(BlipError) {
        guard let available, bytesPerPicture > Double(available) else { return }
        let size = vision.imageSize
        throw BlipError(
            .invalidOption,
            "Pictures of \(size)x\(size) need about \(gigabytes(bytesPerPicture)) GB of memory, and this "
                + "machine has \(gigabytes(Double(available))) GB left; choose a smaller picture size"
        )
    }
}

/// With one digit behind the point, where that says something.
private func gigabytes(_ bytes: Double) -> String {
    let tenths = (bytes / 1e8).rounded()
    return tenths < 100 ? "\(tenths / 10)" : "\(Int(tenths / 10))"
}
