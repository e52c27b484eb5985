public import Foundation

/// The tensors of a Hugging Face checkpoint, as memory-mapped bytes.
///
/// Opening reads and checks the headers only; tensors are touched when they are used.
public struct Checkpoint: Sendable {
    /// The folder or file that was opened.
    public let location: URL
    /// The tensors by name.
    public let tensors: [String: TensorEntry]
    /// The memory that holds them. Offsets of ``TensorEntry`` count from its beginning.
    public let region: WeightRegion
    /// What the files say about themselves (`__metadata__` of safetensors).
    public let metadata: [String: String]

    /// Opens a checkpoint.
    ///
    /// Files that `torch.save` wrote are read by a machine that only builds data and executes
    /// nothing. Of their dictionary, the tensors are taken; where it has a dictionary under `model`
    /// or `state_dict`, those of that one.
    ///
    /// - Parameter location: A folder, in which `model.safetensors`,
    ///   `model.safetensors.index.json` with its shards, `pytorch_model.bin`,
    ///   `pytorch_model.bin.index.json` with its shards, and a single `*.pth` are looked for in this
    ///   order; or one such file, under any name.
    /// - Throws: ``CheckpointError``, which names the file and what is wrong with it.
    public init(at location: URL) throws(CheckpointError) {
        let files = try WeightFiles(at: location)
        let region = try WeightRegion(mapping: files.urls)
        var collector = TensorCollector(region: region, index: files.index)
        for index in region.files.indices {
            try collector.read(fileAt: index)
        }
        self.location = location
        self.region = region
        self.tensors = try collector.finish()
        self.metadata = collector.metadata
    }

    /// The tensor with this name.
    ///
    /// - Throws: ``CheckpointError`` with the code `unknownTensor`.
    public func tensor(_ name: String) throws(CheckpointError) -> TensorEntry {
        guard let entry = tensors[name] else {
            throw CheckpointError(
                .unknownTensor, file: location.lastPathComponent,
                "has no tensor \"\(name.quotable)\" among its \(tensors.count.grouped)",
                remedy: "check that the checkpoint is of the model that you mean to run")
        }
        return entry
    }
}
