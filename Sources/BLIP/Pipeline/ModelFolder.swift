import Checkpoint
import Foundation
import Tokenizer

/// What a model is loaded from: a Hugging Face checkpoint, one that ``BlipConverter`` wrote, or a
/// file of weights alone, as Salesforce's own are.
struct ModelFolder {
    let configuration: BlipConfiguration
    let source: ModelSource
    let parts: Set<ModelPart>
    let tasks: Set<BlipTask>
    /// Where the files beside the weights are.
    let companions: URL

    /// - Parameter location: a folder, or a file of weights.
    init(_ location: URL) throws {
        if location.isFolder, let manifest = try ConversionManifest(in: location) {
            companions = manifest.files(in: location)
            configuration = try BlipConfiguration(folder: companions)
            source = .converted(folder: companions, weights: manifest.weights)
            parts = Set(manifest.parts)
            tasks = Set(manifest.tasks)
        } else {
            companions = location.isFolder ? location : location.deletingLastPathComponent()
            let factory = try GraphFactory(checkpoint: location, storage: .asStored)
            configuration = factory.configuration
            source = .checkpoint(factory)
            parts = factory.availableParts
            tasks = factory.availableTasks
        }
    }

    /// The folder's tokenizer; BERT's, which all published checkpoints have, where the files beside
    /// the weights are missing.
    func tokenizer() throws -> WordPieceTokenizer {
        let hasFiles = ["tokenizer.json", "vocab.txt"].contains {
            FileManager.default.fileExists(atPath: companions.appending(path: $0).path)
        }
        let bert = Bundle.module.resourceURL?.appending(path: "bert-base-uncased")
        guard !hasFiles, configuration.text.vocabularySize == 30_524, let bert else {
            return try WordPieceTokenizer(folder: companions)
        }
        return try WordPieceTokenizer(folder: bert)
    }
}

extension GraphFactory {
    /// Opens a checkpoint; without a `config.json`, Salesforce's own files tell what they are.
    ///
    /// - Parameter location: a folder, or a file of weights.
    init(checkpoint location: URL, storage: WeightStorage) throws {
        let folder = location.isFolder ? location : location.deletingLastPathComponent()
        let hasConfiguration = FileManager.default.fileExists(
            atPath: folder.appending(path: "config.json").path)
        // First, where there is one: a checkpoint of another kind of model says so.
        let configuration = hasConfiguration ? try BlipConfiguration(folder: folder) : nil
        let source = TensorSource(checkpoint: try Checkpoint(at: location))
        guard configuration != nil || SalesforceNames.areUsed(in: source.checkpoint.tensors) else {
            // Says that the file is missing.
            _ = try BlipConfiguration(folder: folder)
            throw BlipError(.invalidConfiguration, "\(folder.path): config.json is missing")
        }
        self.init(
            configuration: try configuration ?? BlipConfiguration(inferredFrom: source),
            source: source, storage: storage)
    }

    var availableTasks: Set<BlipTask> {
        let parts = availableParts
        var tasks: Set<BlipTask> = []
        if parts.contains(.textDecoder) { tasks.insert(.caption) }
        if parts.isSuperset(of: [.textEncoder, .textDecoder]) { tasks.insert(.answer) }
        if parts.contains(.textEncoder), source.contains("itm_head.weight") { tasks.insert(.match) }
        return tasks
    }
}

extension URL {
    var isFolder: Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && isFolder.boolValue
    }
}
