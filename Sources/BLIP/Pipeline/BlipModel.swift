public import Foundation
import OpenVINO
public import BlipPictures
import BlipTokenizer
import Synchronization

/// A BLIP model (Li et al., 2022) ready to caption pictures, answer questions about them and match
/// them with texts.
///
/// ```swift
/// let model = try BlipModel(folder: URL(filePath: "blip-vqa-base"))
/// let image = try await model.encode(Picture(contentsOf: URL(filePath: "beach.jpg")))
/// let caption = try await model.caption(image)
/// let answer = try await model.answer("how many dogs are in the picture?", about: image)
/// print(caption.text, answer.text)
/// ```
///
/// A picture is encoded once; every caption and answer after that costs only its own tokens.
///
/// Calls may come from any number of tasks. They run on a thread of the model's own; single calls that wait for it
/// together share a batch, and what is nearest to its end goes first: texts before further pictures. A call ends
/// early with `CancellationError` when its task is cancelled.
public actor BlipModel {
    /// The folder it was loaded from.
    public nonisolated let folder: URL
    /// The checkpoint's `config.json`, or what a `.pth` file's tensors tell.
    package nonisolated let configuration: BlipConfiguration
    /// What this checkpoint can do.
    public nonisolated let tasks: Set<BlipTask>
    /// Pictures or texts that best run together here: ``RuntimeOptions/batchSize``, or as many as keep the
    /// cores at work that the process may use, and as memory holds.
    public nonisolated let batchSize: Int
    /// What changes its vectors besides its files.
    package nonisolated let encodingSettings: EncodingSettings

    /// Tells its images from other models'.
    let id = UUID()
    let tokenizer: WordPieceTokenizer
    let preprocessing: PixelPreprocessing
    let parts: CompiledParts
    /// Pictures that share memory, as long as one of them lives.
    var sharedContexts: [SharedContext] = []
    /// Embeddings of texts that were matched, by their tokens: the same are matched with many pictures.
    var textEmbeddings: [[Int]: Embedding] = [:]

    /// Of the files, once it was asked for.
    var knownFingerprint: String?
    let modelCache: URL?

    /// Single calls that wait, and whether some task runs them.
    let queues: BatchQueues
    var isServingQueues = false
    /// How pictures are read, once it is known.
    nonisolated let knownPictureOptions = Mutex<PictureOptions?>(nil)

    // Inference blocks its thread, and must not block those that all tasks share.
    private let executor = DedicatedThreadExecutor(name: "blip-inference")
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// Opens a model; its parts are compiled when they are first needed.
    ///
    /// - Parameters:
    ///   - folder: a checkpoint as Hugging Face publishes it, a converted one, one of Salesforce's own
    ///     `.pth` files, or a LoRA adapter by peft, which is merged into the model that it names.
    ///   - options: where and how it runs.
    /// - Throws: ``BlipError``, or the errors of the checkpoint's, tokenizer's, picture
    ///   processor's or runtime's library, each of which names the file and what to do.
    public init(folder: URL, options: RuntimeOptions = RuntimeOptions()) throws {
        try options.validate()
        let opened = try ModelFolder(folder, options)
        self.folder = folder
        modelCache = options.modelCache
        configuration = opened.configuration
        tasks = opened.tasks
        encodingSettings = EncodingSettings(
            imageSize: opened.configuration.vision.imageSize, weights: opened.source.rounding)
        tokenizer = try opened.tokenizer()
        guard tokenizer.count <= configuration.text.vocabularySize else {
            throw BlipError(
                .invalidConfiguration,
                "\(folder.path): the tokenizer has \(tokenizer.count) tokens and the model only "
                    + "\(configuration.text.vocabularySize); the files belong to different "
                    + "checkpoints")
        }
        preprocessing = try opened.preprocessing()
        batchSize =
            options.batchSize
            ?? BatchSize.chosen(
                threads: options.threads, bytesPerPicture: opened.configuration.bytesPerPicture)
        queues = BatchQueues(rows: batchSize)
        parts = try CompiledParts(
            opened.source, available: opened.parts, options: options,
            checkedBy: opened.configuration
        ) { try opened.vision(sized: $0, weights: options.weights) }
    }

    /// What a checkpoint can do, without loading it.
    ///
    /// - Parameters:
    ///   - folder: as ``init(folder:options:)`` takes it.
    ///   - modelCache: as ``RuntimeOptions/modelCache``.
    /// - Throws: ``BlipError`` for a folder that is no BLIP model.
    package static func tasks(of folder: URL, modelCache: URL? = nil) throws -> Set<BlipTask> {
        try ModelFolder(folder, modelCache: modelCache).tasks
    }

    /// Compiles what the given tasks need, so that the first picture does not wait for it.
    ///
    /// - Parameters:
    ///   - tasks: what will be asked for.
    ///   - progress: told how many of the parts are there, and of how many.
    /// - Throws: ``BlipError`` for a task that the checkpoint was not made for, before anything is
    ///   compiled; runtime errors, and `CancellationError`.
    public func prepare(
        for tasks: Set<BlipTask>,
        progress: @Sendable (_ done: Int, _ parts: Int) -> Void = { _, _ in }
    ) throws {
        let needed = try neededParts(for: tasks)
        // A device that passed its check some day may have lost its driver since.
        try recovering {
            try parts.compile(
                needed, { ShapeBuckets.first($0, configuration) }, progress: progress)
        }
    }

    /// Compiles the vision model for pictures of another size, so that the first one does not wait for it; see
    /// ``encode(_:imageSize:)-(Picture,_)``.
    ///
    /// - Throws: ``BlipError`` for a size that is no multiple of the patch, that memory cannot hold, or that a
    ///   converted folder was not made for; and runtime errors.
    public func prepare(imageSize: Int) throws {
        let other = imageSize == configuration.vision.imageSize ? nil : imageSize
        try configuration.vision.check(imageSize: imageSize)
        if let other { parts.keep(imageSize: other) }
        _ = try recovering {
            try parts.model(.vision, PartSizes(), imageSize: other)
        }
    }

    /// Starts to compile what the given tasks need, and does not wait for it: whatever is used first waits
    /// only for its own part, so that a picture is encoded while the text decoder is still compiled.
    ///
    /// ``prepare(for:progress:)`` waits for what was started. So does the end of the model; a program that
    /// ends without it, with parts still being compiled, may crash in OpenVINO.
    ///
    /// ```swift
    /// try await model.startPreparing(for: [.caption])
    /// let image = try await model.encode(Picture(contentsOf: photo))
    /// print(try await model.caption(image).text)
    /// ```
    ///
    /// - Throws: ``BlipError`` for a task that the checkpoint was not made for, and
    ///   `CancellationError`. Errors of compiling are those of what uses the part.
    public func startPreparing(for tasks: Set<BlipTask>) throws {
        try parts.startCompiling(neededParts(for: tasks)) {
            ShapeBuckets.first($0, configuration)
        }
    }

    /// In the order in which they are used.
    private func neededParts(for tasks: Set<BlipTask>) throws -> [ModelPart] {
        for task in BlipTask.allCases where tasks.contains(task) {
            try task.check(in: self.tasks, model: folder.lastPathComponent)
        }
        var needed: Set<ModelPart> = [.vision]
        if tasks.contains(.caption) { needed.formUnion([.decoderContext, .textDecoder]) }
        if tasks.contains(.answer) {
            needed.formUnion([.encoderContext, .textEncoder, .decoderContext, .textDecoder])
        }
        if tasks.contains(.match) {
            needed.formUnion([.encoderContext, .textEncoder, .textProjection])
        }
        try Task.checkCancellation()
        return ModelPart.allCases.filter(needed.intersection(parts.available).contains)
    }

    /// How pictures are best read for this model, and for nothing else: at its input's size, without
    /// their own aspect, and never whole in memory where that can be.
    ///
    /// At f32 every pixel counts, for the reference's tokens. Narrower types, and activations that are rounded
    /// with integer weights, change more than a JPEG that is decoded at 1/2, 1/4 or 1/8 of its size, never below
    /// twice what the model sees.
    public var pictureOptions: PictureOptions {
        var options = PictureOptions()
        if !parts.isExact { options.detail = .fast(side: configuration.vision.imageSize) }
        if preprocessing.doResize, case .exact(let height, let width) = preprocessing.size {
            options.resizing = .init(width: width, height: height, filter: preprocessing.resample)
        }
        return options
    }

    /// What the vision model puts out of a picture, a vector a token: the class token's first, then one a
    /// patch in rows.
    ///
    /// Reference: `last_hidden_state` of transformers' `BlipVisionModel`.
    ///
    /// - Returns: `shape.tokens * shape.width` values, token after token.
    public func patchEmbeddings(of image: EncodedImage) throws -> [Float] {
        try check(image)
        return try image.embeddings.array(of: Float.self)
    }

    func check(_ image: EncodedImage) throws(BlipError) {
        guard image.model == id else {
            throw BlipError(
                .invalidOption, "The picture was encoded by another model; encode it with this one")
        }
    }
}
