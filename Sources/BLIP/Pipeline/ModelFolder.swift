import BlipCheckpoint
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

    /// - Parameters:
    ///   - location: a folder, or a file of weights.
    ///   - modelCache: where the model that an adapter changes may be.
    /// - Throws: ``BlipError`` for what is no model, or one for none of the tasks.
    init(_ location: URL, modelCache: URL? = nil) throws {
        if location.isFolder,
            let (manifest, folder) = try ConversionManifest.found(in: location)
        {
            files = CheckpointFiles(weights: folder)
            configuration = try BlipConfiguration(folder: folder)
            source = .converted(folder: location, weights: manifest.weights)
            parts = Set(manifest.parts)
            tasks = Set(manifest.tasks)
        } else {
            files = try CheckpointFiles(location, modelCache: modelCache)
            let factory = try GraphFactory(files)
            configuration = factory.configuration
            source = .checkpoint(factory)
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

    /// The model's tokenizer.
    func tokenizer() throws -> WordPieceTokenizer { try files.makeTokenizer(for: configuration) }
}

extension CheckpointFiles {
    /// The tokenizer beside the weights; BERT's, which all published checkpoints have, where its files are
    /// missing.
    package func makeTokenizer(for configuration: BlipConfiguration) throws -> WordPieceTokenizer {
        let bert = Bundle.module.resourceURL?.appending(path: "bert-base-uncased")
        guard !hasTokenizer, configuration.text.vocabularySize == 30_524, let bert else {
            return try WordPieceTokenizer(folder: tokenizer)
        }
        return try WordPieceTokenizer(folder: bert)
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
