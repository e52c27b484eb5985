package import Foundation

/// Where the files of a checkpoint are: in its folder, and for an adapter also in that of the model that
/// it changes.
package struct CheckpointFiles {
    /// A folder, or a file of weights.
    package let weights: URL
    /// What `adapter_config.json` says, where there is one.
    let adapter: AdapterConfiguration?
    /// The adapter's tensors, where they are not among the model's.
    let adapterWeights: URL?
    /// Beside the weights, an adapter's before its model's.
    private let folders: [URL]

    /// A checkpoint without an adapter.
    init(weights: URL) {
        self.weights = weights
        adapter = nil
        adapterWeights = nil
        folders = [weights.folder]
    }

    /// - Parameters:
    ///   - location: a folder, or a file of weights.
    ///   - modelCache: where the model that an adapter changes may be, laid out as `huggingface_hub` does.
    /// - Throws: ``BlipError`` where that model is not found.
    package init(_ location: URL, modelCache: URL?) throws(BlipError) {
        let folder = location.folder
        adapter = try AdapterConfiguration(in: folder)
        try adapter?.check()
        let file = Self.first(["adapter_model.safetensors", "adapter_model.bin"], in: [folder])
        guard let adapter, let file,
            location.isFolder || location.lastPathComponent == file.lastPathComponent
        else {
            // A whole model, perhaps with an adapter's tensors among its own.
            weights = location
            adapterWeights = nil
            folders = [folder]
            return
        }
        weights = try BaseModel(of: adapter, in: folder).find(modelCache: modelCache)
        adapterWeights = file
        folders = folder == weights.folder ? [folder] : [folder, weights.folder]
    }

    /// Where the weights are that an adapter changes; `nil` for what is no adapter, and where they are not there.
    package static func baseModel(of location: URL, modelCache: URL?) -> URL? {
        guard let files = try? CheckpointFiles(location, modelCache: modelCache),
            files.adapterWeights != nil
        else { return nil }
        return files.weights
    }

    private static let tokenizers = ["tokenizer.json", "vocab.txt"]
    private static let tokenizerSettings = [
        "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
    ]
    private static let pictureProcessors = ["processor_config.json", "preprocessor_config.json"]
    /// What tells how the weights are used.
    private static let configurations = ["config.json"]

    /// All that may lie beside the weights.
    package static let companionNames =
        configurations + pictureProcessors + tokenizers + tokenizerSettings

    /// The folder of `config.json`: the model's, which an adapter does not change.
    var configuration: URL { folders.last ?? weights.folder }
    /// The folder of the tokenizer's files.
    var tokenizer: URL { folder(of: Self.tokenizers) }
    /// The folder of the files that say how pictures are prepared.
    package var pictures: URL { folder(of: Self.pictureProcessors) }

    var hasTokenizer: Bool { Self.first(Self.tokenizers, in: folders) != nil }
    var hasConfiguration: Bool { Self.first(Self.configurations, in: [configuration]) != nil }

    /// Those of the files beside the weights that a model is made with.
    package var companions: [URL] {
        let names = [
            (configuration, Self.configurations), (pictures, Self.pictureProcessors),
            (tokenizer, Self.tokenizers + Self.tokenizerSettings),
        ]
        return names.flatMap { folder, names in names.compactMap { Self.first([$0], in: [folder]) }
        }
    }

    private func folder(of names: [String]) -> URL {
        Self.first(names, in: folders)?.deletingLastPathComponent() ?? configuration
    }

    /// The first folder that has one of the files decides.
    private static func first(_ names: [String], in folders: [URL]) -> URL? {
        folders.lazy.flatMap { folder in names.map { folder.appending(path: $0) } }
            .first { FileManager.default.fileExists(atPath: $0.path) }
    }
}

extension URL {
    package var isFolder: Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && isFolder.boolValue
    }

    /// Itself, or for a file the folder that it lies in.
    var folder: URL { isFolder ? self : deletingLastPathComponent() }
}
