import BLIP
import NIOPosix
import BlipPictures
import Synchronization

/// The model as requests use it: pictures are looked up or encoded, and texts of requests in flight
/// share batches.
struct Inference: Sendable {
    let model: BlipModel
    /// What clients call the model.
    let name: String
    /// The most rows of a batch.
    let batchRows: Int
    /// Sizes of pictures that requests may choose besides the model's own.
    let imageSizes: Set<Int>
    let longPrompts: LongPrompts
    let labels: LabelRanking
    private let metrics: Metrics
    private let fetcher: PictureFetcher
    private let pictures: PictureCache
    private let captions: Batcher<CaptionKey, EncodedImage, [GeneratedText]>
    private let answers: Batcher<GenerationOptions, Question, [GeneratedText]>
    private let matches: Batcher<Unkeyed, TextImagePair, Match>

    private struct CaptionKey: Hashable {
        let prompt: String
        let options: GenerationOptions
        /// Of the picture: those of different sizes have no rows of one length.
        let tokens: Int
    }
    /// Of inputs that may all share a batch.
    private struct Unkeyed: Hashable {}

    init(
        model: BlipModel, name: String, cacheBytes: Int, batchRows: Int, fetcher: PictureFetcher,
        imageSizes: Set<Int>, labelWords: [String], longPrompts: LongPrompts,
        acceptsMoreFormats: Bool, metrics: Metrics
    ) {
        self.model = model
        self.fetcher = fetcher
        self.name = name
        self.metrics = metrics
        self.batchRows = batchRows
        self.imageSizes = imageSizes
        self.longPrompts = longPrompts
        labels = LabelRanking(labelWords, model: model)
        let rows = { @Sendable (options: GenerationOptions) in
            batchRows / max(1, options.rowCount)
        }
        let observeWait = { (stage: String) in
            { @Sendable (time: Duration) in
                metrics.observe(time.seconds, in: "blip_queue_seconds", [("stage", stage)])
            }
        }
        let pending = InFlightCounter()
        let encoder = Batcher<Int?, PreparedPicture, EncodedImage>(
            limit: { _ in batchRows }, expected: { pending.value - $0 },
            observeWait: observeWait("vision")
        ) { _, pictures, _, _ in
            let images = try await model.encode(pictures)
            metrics.observe(batch: pictures.count, stage: "vision")
            images.first.map { metrics.observe($0.timings, count: images.count) }
            return images
        }
        // While the model looks at pictures it does nothing else: texts about them may as well come along.
        let encoding = { @Sendable in await encoder.batchEnd() }
        let expected = { @Sendable (_: Int) in pending.value }
        captions = Batcher(
            limit: { rows($0.options) }, upstreamBatch: encoding, expected: expected,
            observeWait: observeWait("caption")
        ) { key, images, progress, isWanted in
            let texts = try await model.captions(
                of: images, prompt: key.prompt, options: key.options, progress: progress,
                isWanted: isWanted)
            metrics.observe(batch: images.count, stage: "caption")
            metrics.observe(texts)
            return texts
        }
        answers = Batcher(
            limit: rows, upstreamBatch: encoding, expected: expected,
            observeWait: observeWait("answer")
        ) {
            options, questions, progress, isWanted in
            let texts = try await model.answers(
                to: questions, options: options, progress: progress, isWanted: isWanted)
            metrics.observe(batch: questions.count, stage: "answer")
            metrics.observe(texts)
            return texts
        }
        matches = Batcher(
            limit: { _ in batchRows }, upstreamBatch: encoding, expected: expected,
            observeWait: observeWait("match")
        ) { _, pairs, _, _ in
            let matches = try await model.match(pairs)
            metrics.observe(batch: pairs.count, stage: "match")
            matches.first.map { metrics.observe($0.timings, count: matches.count) }
            return matches
        }
        // Asked for once: whoever asks a model that is at work waits for it.
        let options = Task {
            var options = await model.pictureOptions
            options.maximumPixels = Limits.pixels
            options.acceptsMoreFormats = acceptsMoreFormats
            options.shrinksOversizedJPEGs = false
            return options
        }
        self.pictures = PictureCache(
            capacity: cacheBytes
                / max(1, model.configuration.encodedBytes(sized: imageSizes.max() ?? 0)),
            metrics: metrics
        ) { bytes, name, imageSize in
            try await pending.during {
                let options = await options.value
                // A decoded picture may take 300 MB: only as many as there are threads exist at a
                // time, none waits decoded, and the threads that answer requests stay free.
                let picture = try await NIOThreadPool.singleton.runIfActive {
                    try model.prepare(
                        Picture(
                            bytes: bytes, name: name, options: options.resizing(to: imageSize)),
                        imageSize: imageSize)
                }
                return try await encoder.run(picture, key: imageSize)
            }
        }
    }

    /// Lets go of the model's memory, and of pictures that nobody waits for, where nobody has asked the model for a
    /// while: no request, no camera.
    ///
    /// - Returns: whether it did.
    func unload(unusedFor time: Duration) async -> Bool {
        guard await model.unload(unusedFor: time) else { return false }
        await pictures.removeAll()
        return true
    }

    /// Refuses pictures that would not be fetched, before any work.
    func check(_ pictures: [PictureInput]) throws(ServiceError) {
        for picture in pictures {
            if case .address(let address) = picture.source { try fetcher.check(address) }
        }
    }

    /// Refuses a size of pictures that is not offered, before any work.
    func check(imageSize: Int?) throws(ServiceError) {
        let own = model.configuration.vision.imageSize
        guard let imageSize, imageSize != own, !imageSizes.contains(imageSize) else { return }
        let offered = imageSizes.union([own]).sorted().map(String.init).joined(separator: ", ")
        throw .invalid("image_size cannot be \(imageSize); this server offers \(offered)")
    }

    /// Pictures, encoded or found, with what that took this time.
    ///
    /// - Parameters:
    ///   - permit: the request's; pictures that are fetched are held in its memory.
    ///   - imageSize: what the model looks at them with, of those that are offered; `nil` for its own.
    func encode(
        _ pictures: [PictureInput], _ permit: Admission.Permit, imageSize: Int? = nil
    ) async throws -> [EncodedPicture] {
        let own = model.configuration.vision.imageSize
        return try await permit.limit {
            try await encode(
                pictures, permit.memory, imageSize: imageSize == own ? nil : imageSize)
        }
    }

    private func encode(
        _ pictures: [PictureInput], _ memory: MemoryBudget.Reservation, imageSize: Int?
    ) async throws -> [EncodedPicture] {
        try await inOrder(pictures) { picture in
            let bytes =
                switch picture.source {
                case .bytes(let bytes): bytes
                case .address(let address): try await fetcher.bytes(of: address, memory)
                }
            let (image, wasCached) = try await self.pictures.image(
                of: bytes, name: picture.name, imageSize: imageSize)
            return EncodedPicture(
                image: image, timings: wasCached ? StageTimings() : image.timings)
        }
    }

    func captions(
        of image: EncodedImage, prompt: String, options: GenerationOptions,
        progress: (@Sendable (PartialText) -> Void)? = nil
    ) async throws -> [GeneratedText] {
        try await captions.run(
            image, key: CaptionKey(prompt: prompt, options: options, tokens: image.shape.tokens),
            progress: progress)
    }

    func answers(
        to question: String, about image: EncodedImage, options: GenerationOptions,
        progress: (@Sendable (PartialText) -> Void)? = nil
    ) async throws -> [GeneratedText] {
        try await answers.run(Question(question, about: image), key: options, progress: progress)
    }

    func rank(
        _ answers: [String], for question: String, about image: EncodedImage
    ) async throws -> Ranking {
        let ranking = try await model.rank(answers, for: question, about: image)
        metrics.observe(ranking.timings)
        return ranking
    }

    func match(_ texts: [String], with image: EncodedImage) async throws -> [Match] {
        try await inOrder(texts) { text in
            try await matches.run(TextImagePair(text, with: image), key: Unkeyed())
        }
    }

    /// The indices of pictures that differ from the one before them, by the cosine of their class tokens'
    /// embeddings: frames of a camera mostly do not.
    func changes(in images: [EncodedImage]) async throws -> [Int] {
        guard images.count > 1 else { return Array(images.indices) }
        var kept: [Int] = []
        var last: [Float] = []
        for (index, image) in images.enumerated() {
            let embedding = Array(
                try await model.patchEmbeddings(of: image).prefix(image.shape.width))
            guard kept.isEmpty || cosine(last, embedding) < Self.nearDuplicate else { continue }
            kept.append(index)
            last = embedding
        }
        return kept
    }

    /// The cosine from which on pictures show the same.
    private static let nearDuplicate: Float = 0.98
}

private func cosine(_ a: [Float], _ b: [Float]) -> Float {
    let product = { (a: [Float], b: [Float]) in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    return product(a, b) / (product(a, a) * product(b, b)).squareRoot()
}

/// A picture whose embeddings are there.
struct EncodedPicture: Sendable {
    let image: EncodedImage
    /// What that took for this request: nothing where it was in the cache.
    let timings: StageTimings
}

private final class InFlightCounter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock(\.self) }

    func during<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        count.withLock { $0 += 1 }
        defer { count.withLock { $0 -= 1 } }
        return try await body()
    }
}

/// Runs over all elements at the same time; results in their order.
func inOrder<Element: Sendable, Result: Sendable>(
    _ elements: [Element], _ body: @escaping @Sendable (Element) async throws -> Result
) async throws -> [Result] {
    if elements.count == 1, let only = elements.first { return [try await body(only)] }
    return try await withThrowingTaskGroup(of: (Int, Result).self) { group in
        for (index, element) in elements.enumerated() {
            group.addTask { (index, try await body(element)) }
        }
        let results = try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        return elements.indices.compactMap { results[$0] }
    }
}

extension PictureOptions {
    /// As pictures are read for a size that is not the model's own.
    fileprivate func resizing(to imageSize: Int?) -> PictureOptions {
        guard let imageSize else { return self }
        var options = self
        options.resizing = resizing.map {
            .init(width: imageSize, height: imageSize, filter: $0.filter)
        }
        if case .fast = detail { options.detail = .fast(side: imageSize) }
        return options
    }
}

extension BlipConfiguration {
    /// An upper bound of what an encoded picture takes: its embeddings, and each layer's keys and
    /// values for the text encoder and the decoder. Pictures that ran together share memory, and may
    /// hold twice their own keys and values until the next run.
    ///
    /// - Parameter side: the largest size that pictures are looked at with; the model's own counts where it is
    ///   larger.
    func encodedBytes(sized side: Int) -> Int {
        let patches = max(side, vision.imageSize) / max(1, vision.patchSize)
        let tokens = patches * patches + 1
        return 4 * tokens * (vision.hiddenSize + 2 * 2 * text.layerCount * text.hiddenSize)
    }
}
