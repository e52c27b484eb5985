import OpenVINO
public import BlipPictures

extension BlipModel {
    /// Runs the vision model over a picture. Calls of other tasks share its batch.
    ///
    /// - Parameters:
    ///   - picture: of any size.
    ///   - imageSize: height and width, in pixels, that the model looks at it with, as
    ///     ``RuntimeOptions/imageSize``; `nil` for the model's own. Each size is a vision model of its own,
    ///     which is compiled when it is first asked for; the four last used stay, and one more for each size
    ///     that ``BlipModel/prepare(imageSize:)`` was called with.
    /// - Throws: picture and runtime errors, ``BlipError`` for a size that the model cannot have, and
    ///   `CancellationError`.
    public nonisolated func encode(
        _ picture: Picture, imageSize: Int? = nil
    ) async throws -> EncodedImage {
        try Task.checkCancellation()
        return try await encode(prepare(picture, imageSize: imageSize))
    }

    /// Runs the vision model over a prepared picture. Calls of other tasks share its batch.
    ///
    /// - Throws: runtime errors, and `CancellationError`.
    public func encode(_ picture: PreparedPicture) async throws -> EncodedImage {
        try await share(queues.encodings, picture.imageSize, picture)
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
    /// - Parameters:
    ///   - picture: of any size.
    ///   - imageSize: height and width that the model is to see; `nil` for its own.
    /// - Throws: `PictureError` for a picture that cannot be resized so, and ``BlipError`` for a size that no
    ///   model can have.
    public nonisolated func prepare(
        _ picture: Picture, imageSize: Int? = nil
    ) throws -> PreparedPicture {
        let start = ContinuousClock.now
        let size = imageSize ?? configuration.vision.imageSize
        try configuration.vision.check(imageSize: size)
        let pixels = try preprocessing(for: size).pixelValues(of: picture)
        // Where pictures keep their aspect, some fit the model and others do not.
        if preprocessing.keepsAspect, !pixels.isSquare(of: size) {
            throw PictureError(
                .invalidPreprocessing,
                "The picture would be \(pixels.width)x\(pixels.height) for this model, which sees "
                    + "\(size)x\(size) and cuts nothing off: give one that is a square.")
        }
        return PreparedPicture(
            pixels: pixels, imageSize: size, duration: ContinuousClock.now - start)
    }

    private nonisolated func preprocessing(for side: Int) -> PixelPreprocessing {
        side == configuration.vision.imageSize ? preprocessing : preprocessing.sized(to: side)
    }

    /// Runs the vision model over several prepared pictures together; those of each size together.
    ///
    /// - Returns: one image a picture, in their order. Each one's timings are its share, and what
    ///   preparing it took.
    /// - Throws: runtime errors, and `CancellationError`.
    public func encode(_ pictures: [PreparedPicture]) throws -> [EncodedImage] {
        guard !pictures.isEmpty else { return [] }
        try Task.checkCancellation()
        let sizes = Dictionary(grouping: pictures.indices) { pictures[$0].imageSize }
        guard sizes.count == 1 else {
            var images: [Int: EncodedImage] = [:]
            for (_, places) in sizes.sorted(by: { $0.key < $1.key }) {
                let encoded = try encode(places.map { pictures[$0] })
                for (place, image) in zip(places, encoded) { images[place] = image }
            }
            return pictures.indices.compactMap { images[$0] }
        }
        let most = mostTogether(sized: pictures[0].imageSize)
        guard pictures.count <= most else {
            return try stride(from: 0, to: pictures.count, by: most).flatMap { start in
                try encode(Array(pictures[start..<min(start + most, pictures.count)]))
            }
        }
        var timings = StageTimings()
        let runs =
            parts.fixesShapes ? ShapeBuckets.runs(pictures.count) : [pictures.indices]
        let states = try recovering {
            try runs.flatMap { run in
                try Task.checkCancellation()
                return try encode(Array(pictures[run]), &timings)
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

    /// The most pictures of a size that run together: of larger ones than the model's own so many fewer that they
    /// take no more memory than ``batchSize`` of its own; of others as many as are given.
    nonisolated func mostTogether(sized side: Int) -> Int {
        guard side > configuration.vision.imageSize else { return .max }
        var sized = configuration
        sized.vision.imageSize = side
        let share = configuration.bytesPerPicture / sized.bytesPerPicture
        return max(1, Int(Double(batchSize) * share))
    }

    private func encode(
        _ pictures: [PreparedPicture], _ timings: inout StageTimings
    ) throws -> [(embeddings: Tensor, projection: Tensor?)] {
        let side = pictures.first?.imageSize
        let input = try timings.measure(\.vision) {
            try tensor(of: pictures.map(\.pixels), sized: side)
        }
        let sizes = PartSizes(batch: pictures.count)
        let other = side == configuration.vision.imageSize ? nil : side
        let request = try parts.model(.vision, sizes, imageSize: other).makeInferRequest()
        try request.setInput(PortName.pixelValues, input)
        try timings.measure(\.vision) {
            try parts.infer(.vision, sizes, imageSize: other, request.infer)
        }
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

    /// ``unload()``, where nobody has asked for anything for a while.
    ///
    /// - Returns: `false` where somebody has, or nothing was asked since it was last unloaded.
    package func unload(unusedFor time: Duration) -> Bool {
        guard let last = parts.lastUse, ContinuousClock.now - last >= time else { return false }
        unload()
        return true
    }

    /// The vision model's input.
    ///
    /// - Parameter side: height and width of what it sees; `nil` for its own.
    nonisolated func tensor(of pixels: [PixelValues], sized side: Int? = nil) throws -> Tensor {
        let size = side ?? configuration.vision.imageSize
        for pixels in pixels where !pixels.isSquare(of: size) {
            throw BlipError(
                .invalidConfiguration,
                "\(folder.lastPathComponent): the picture processor makes pictures of "
                    + "\(pixels.width)x\(pixels.height), config.json wants \(size)x\(size)")
        }
        return try Tensor(
            pixels.count == 1 ? pixels[0].values : pixels.flatMap(\.values),
            shape: [pixels.count, 3, size, size])
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
    /// Height and width that the model sees it with.
    let imageSize: Int
    /// What that took.
    let duration: Duration
}

extension PixelValues {
    fileprivate func isSquare(of side: Int) -> Bool { height == side && width == side }
}
