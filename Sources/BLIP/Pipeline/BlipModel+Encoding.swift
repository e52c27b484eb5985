import OpenVINO
public import BlipPictures

extension BlipModel {
    /// Runs the vision model over a picture. Calls of other tasks share its batch.
    ///
    /// - Throws: picture and runtime errors, and `CancellationError`.
    public nonisolated func encode(_ picture: Picture) async throws -> EncodedImage {
        try Task.checkCancellation()
        return try await encode(prepare(picture))
    }

    /// Runs the vision model over a prepared picture. Calls of other tasks share its batch.
    ///
    /// - Throws: runtime errors, and `CancellationError`.
    public func encode(_ picture: PreparedPicture) async throws -> EncodedImage {
        try await share(queues.encodings, .init(), picture)
    }

    /// Runs the vision model over several pictures together.
    ///
    /// Resizing and normalizing happen on the caller's side, several pictures at a time, while the
    /// model may be busy with another call.
    ///
    /// - Parameter pictures: as many as memory allows; ``batchSize`` of them serve well.
    /// - Returns: one image a picture, in their order. Each one's timings are its share, and what
    ///   preparing it took.
    /// - Throws: picture and runtime errors, and `CancellationError`.
    public nonisolated func encode(_ pictures: [Picture]) async throws -> [EncodedImage] {
        let prepared = try await withThrowingTaskGroup(of: (Int, PreparedPicture).self) { group in
            for (index, picture) in pictures.enumerated() {
                group.addTask {
                    try Task.checkCancellation()
                    return (index, try self.prepare(picture))
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        return try await encode(pictures.indices.compactMap { prepared[$0] })
    }

    /// Resizes and normalizes a picture, on the caller's thread: what is left of it is as large as the
    /// model's input (1.8 MB at 384x384), so that many can wait for ``encode(_:)-([PreparedPicture])``.
    ///
    /// - Throws: `PictureError` for a picture that cannot be resized so.
    public nonisolated func prepare(_ picture: Picture) throws -> PreparedPicture {
        let start = ContinuousClock.now
        let pixels = try preprocessing.pixelValues(of: picture)
        // Where pictures keep their aspect, some fit the model and others do not.
        if preprocessing.keepsAspect, !fits(pixels) {
            let size = configuration.vision.imageSize
            throw PictureError(
                .invalidPreprocessing,
                "The picture would be \(pixels.width)x\(pixels.height) for this model, which sees "
                    + "\(size)x\(size) and cuts nothing off: give one that is a square.")
        }
        return PreparedPicture(pixels: pixels, duration: ContinuousClock.now - start)
    }

    /// Runs the vision model over several prepared pictures together.
    ///
    /// - Returns: one image a picture, in their order. Each one's timings are its share, and what
    ///   preparing it took.
    /// - Throws: runtime errors, and `CancellationError`.
    public func encode(_ pictures: [PreparedPicture]) throws -> [EncodedImage] {
        guard !pictures.isEmpty else { return [] }
        try Task.checkCancellation()
        var timings = StageTimings()
        let runs =
            parts.fixesShapes ? ShapeBuckets.runs(pictures.count) : [pictures.indices]
        let states = try recovering {
            try runs.flatMap { run in
                try Task.checkCancellation()
                return try encode(pictures[run].map(\.pixels), &timings)
            }
        }
        let share = timings / pictures.count
        return zip(pictures, states).map { picture, states in
            var timings = share
            timings.preprocess = picture.duration
            return EncodedImage(
                embeddings: states.embeddings, projection: states.projection, timings: timings,
                model: id)
        }
    }

    private func encode(
        _ pixels: [PixelValues], _ timings: inout StageTimings
    ) throws -> [(embeddings: Tensor, projection: Tensor?)] {
        let input = try timings.measure(\.vision) { try tensor(of: pixels) }
        let sizes = PartSizes(batch: pixels.count)
        let request = try parts.model(.vision, sizes).makeInferRequest()
        try request.setInput(PortName.pixelValues, input)
        try timings.measure(\.vision) { try parts.infer(.vision, sizes, request.infer) }
        // Copies: embeddings outlive the vision model.
        let embeddings = try request.output(PortName.imageEmbeddings).rows()
        let projects = request.compiledModel.outputs.contains {
            $0.name == PortName.imageProjection
        }
        let projections = projects ? try request.output(PortName.imageProjection).rows() : []
        return embeddings.enumerated().map { ($1, projects ? projections[$0] : nil) }
    }

    /// Lets go of the vision model's memory, for whoever knows that no picture will follow; one that
    /// does compiles it again. What was encoded stays as it is.
    ///
    /// ```swift
    /// let image = try await model.encode(Picture(contentsOf: photo))
    /// await model.releaseVision()
    /// print(try await model.caption(image).text)
    /// ```
    public func releaseVision() {
        parts.releaseVision()
    }

    /// Lets go of all of the model's memory, for whoever knows that nothing will be asked for a while: each part is
    /// compiled again, or found compiled in ``RuntimeOptions/cacheDirectory``, when it is next needed. What was
    /// encoded stays as it is.
    public func unload() {
        parts.releaseAll()
        textEmbeddings = [:]
    }

    /// The vision model's input.
    nonisolated func tensor(of pixels: [PixelValues]) throws -> Tensor {
        let size = configuration.vision.imageSize
        for pixels in pixels where !fits(pixels) {
            throw BlipError(
                .invalidConfiguration,
                "\(folder.lastPathComponent): the picture processor makes pictures of "
                    + "\(pixels.width)x\(pixels.height), config.json wants \(size)x\(size)")
        }
        return try Tensor(
            pixels.count == 1 ? pixels[0].values : pixels.flatMap(\.values),
            shape: [pixels.count, 3, size, size])
    }

    private nonisolated func fits(_ pixels: PixelValues) -> Bool {
        let size = configuration.vision.imageSize
        return pixels.height == size && pixels.width == size
    }

    nonisolated func first<Element>(of elements: [Element]) throws -> Element {
        guard let first = elements.first else {
            throw BlipError(.invalidOption, "No text was asked for; ask for one or more")
        }
        return first
    }
}

/// A picture as the vision model takes it: resized and normalized.
public struct PreparedPicture: Sendable {
    let pixels: PixelValues
    /// What that took.
    let duration: Duration
}
