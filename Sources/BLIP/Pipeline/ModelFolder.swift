import BlipCheckpoint
package import BlipPictures
import BlipResources
package import BlipTokenizer
import Foundation

/// What a model is loaded from: a Hugging Face checkpoint, a converted one, or a
/// file of weights alone, as Salesforce's own are.
struct ModelFolder {
    let configuration: BlipConfiguration
    let source: ModelSource
    let parts: Set<ModelPart>
    let tasks: Set<BlipTask>
    let files: CheckpointFiles
    /// The checkpoint for the pictures that it was trained on; `nil` for a converted folder.
    private let trained: GraphFactory?
    /// Whether pictures are of another size than the files say.
    private let isSized: Bool

    /// - Parameters:
    ///   - location: a folder, or a file of weights.
    ///   - modelCache: where the model that an adapter changes may be.
    ///   - imageSize: as ``RuntimeOptions/imageSize``.
    ///   - weights: as ``RuntimeOptions/weights``.
    /// - Throws: ``BlipError`` for what is no model, or one for none of the tasks.
    init(
        _ location: URL, modelCache: URL? = nil, imageSize: Int? = nil,
        weights: WeightFormat? = nil
    ) throws {
        try Self.check(location)
        if location.isFolder,
            let (manifest, folder) = try ConversionManifest.found(in: location)
        {
            files = CheckpointFiles(weights: folder)
            configuration = try manifest.configuration(in: folder)
            isSized = manifest.imageSize != nil
            trained = nil
            try manifest.check(imageSize, weights, configuration, location)
            source = .converted(folder: location, weights: manifest.weights)
            parts = Set(manifest.parts)
            tasks = Set(manifest.tasks)
        } else {
            files = try CheckpointFiles(location, modelCache: modelCache)
            let trained = try GraphFactory(files)
            self.trained = trained
            let factory = try imageSize.map(trained.sized) ?? trained
            configuration = factory.configuration
            isSized = configuration.vision.imageSize != trained.configuration.vision.imageSize
            source = .checkpoint(factory, weights: weights)
            parts = factory.availableParts
            tasks = factory.availableTasks
        }
        guard !tasks.isEmpty else {
            throw BlipError(
                .taskUnavailable,
                "\(location.lastPathComponent) has neither a text decoder nor a matching head, so it can neither "
                    + "caption, answer nor match; checkpoints that can are "
                    + BlipTask.allCases.map(\.example).joined(separator: ", "))
        }
    }

    /// As a model is opened with these options.
    init(_ location: URL, _ options: RuntimeOptions) throws {
        try self.init(
            location, modelCache: options.modelCache, imageSize: options.imageSize,
            weights: options.weights)
    }

    private static func check(_ location: URL) throws(BlipError) {
        guard location.isFileURL else {
            throw BlipError(
                .invalidOption,
                "\(location.absoluteString) is no folder of this machine; fetch the model with "
                    + "blip pull OWNER/NAME, and give the folder that it prints")
        }
        guard !FileManager.default.fileExists(atPath: location.path) else { return }
        let name = location.relativePath
        throw BlipError(
            .missingModel,
            name.split(separator: "/").count == 2 && !name.hasPrefix("/")
                ? "There is no folder \(name); if that is a name of Hugging Face's hub, blip pull "
                    + "\(name) fetches the model and prints its folder"
                : "\(location.path) does not exist; give a checkpoint's folder or a file of weights"
        )
    }

    /// The vision model for pictures of another size.
    ///
    /// - Throws: ``BlipError`` for a size that the model cannot have, and for a converted folder, whose size was
    ///   chosen when it was written.
    func vision(sized side: Int, weights: WeightFormat?) throws -> ModelSource {
        guard let trained else {
            let own = configuration.vision.imageSize
            throw BlipError(
                .invalidOption,
                "A converted folder looks at pictures of one size, and this one at \(own)x\(own), not "
                    + "\(side)x\(side); open its checkpoint for others")
        }
        return .checkpoint(try trained.sized(to: side), weights: weights)
    }

    /// How pictures become what the model sees.
    func preprocessing() throws -> PixelPreprocessing {
        try files.preprocessing(imageSize: configuration.vision.imageSize, isSized: isSized)
    }

    /// The model's tokenizer.
    func tokenizer() throws -> WordPieceTokenizer { try files.makeTokenizer(for: configuration) }
}

extension CheckpointFiles {
    /// How pictures become what the model sees.
    ///
    /// - Parameters:
    ///   - imageSize: height and width of what it sees, in pixels.
    ///   - isSized: whether that is another size than the files say.
    package func preprocessing(imageSize: Int, isSized: Bool) throws -> PixelPreprocessing {
        let preprocessing = try PixelPreprocessing(folder: pictures, imageSize: imageSize)
        return isSized ? preprocessing.sized(to: imageSize) : preprocessing
    }

    /// The tokenizer beside the weights; BERT's, which all published checkpoints have, where its files are
    /// missing.
    package func makeTokenizer(for configuration: BlipConfiguration) throws -> WordPieceTokenizer {
        guard !hasTokenizer, configuration.text.vocabularySize == 30_524 else {
            return try WordPieceTokenizer(folder: tokenizer)
        }
        return try WordPieceTokenizer(
            folder: ResourceFolder.url(of: "BLIP").appending(path: "bert-base-uncased"))
    }
}

extension GraphFactory {
    /// Opens a checkpoint, and merges an adapter; without a `config.json`, the tensors tell what they are.
    package init(_ files: CheckpointFiles) throws {
        // First, where there is one: a checkpoint of another kind of model says so.
        let configuration =
            try files.hasConfiguration
            ? BlipConfiguration(folder: files.configuration) : nil
        let source = try TensorSource(
            checkpoint: Checkpoint(
                at: files.weights, beside: files.adapterWeights.map { [$0] } ?? []),
            adapter: files.adapter)
        self.init(
            configuration: try configuration ?? BlipConfiguration(inferredFrom: source),
            source: source)
    }

    package var availableTasks: Set<BlipTask> {
        let parts = availableParts
        var tasks: Set<BlipTask> = []
        if parts.contains(.textDecoder) { tasks.insert(.caption) }
        if parts.isSuperset(of: [.textEncoder, .textDecoder]) { tasks.insert(.answer) }
        if parts.contains(.textEncoder), source.contains("itm_head.weight") { tasks.insert(.match) }
        return tasks
    }
}
