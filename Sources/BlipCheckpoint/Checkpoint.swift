package import Foundation

/// The tensors of a Hugging Face checkpoint, as memory-mapped bytes.
///
/// Opening reads and checks the headers only; tensors are touched when they are used.
package struct Checkpoint: Sendable {
    /// The folder or file that was opened.
    package let location: URL
    /// The tensors by name.
    package let tensors: [String: TensorEntry]
    /// The memory that holds them. Offsets of ``TensorEntry`` count from its beginning.
    package let region: WeightRegion
    /// Of each file that was opened beside it, its tensors by name.
    package let others: [[String: TensorEntry]]
    /// What the files say about themselves (`__metadata__` of safetensors).
    package let metadata: [String: String]

    /// Opens a checkpoint.
    ///
    /// Files that `torch.save` wrote are read by a machine that only builds data and executes
    /// nothing. Of their dictionary, the tensors are taken; where it has a dictionary under `model`,
    /// `state_dict`, `model_state_dict` or `module`, those of that one.
    ///
    /// - Parameters:
    ///   - location: A folder, in which `model.safetensors`, `model.safetensors.index.json` with its
    ///     shards, `pytorch_model.bin`, `pytorch_model.bin.index.json` with its shards, and a single
    ///     `*.pth` are looked for in this order; or one such file, under any name.
    ///   - others: Files of weights that share the region, such as an adapter's.
    /// - Throws: ``CheckpointError``, which names the file and what is wrong with it.
    package init(at location: URL, beside others: [URL] = []) throws(CheckpointError) {
        let files = try WeightFiles(at: location)
        let region = try WeightRegion(mapping: files.urls + others)
        var collector = TensorCollector(region: region, index: files.index)
        for index in files.urls.indices {
            try collector.read(fileAt: index)
        }
        var besides: [[String: TensorEntry]] = []
        for index in files.urls.count..<region.files.count {
            var collector = TensorCollector(region: region, index: nil)
            try collector.read(fileAt: index)
            besides.append(try collector.finish())
        }
        self.location = location
        self.others = besides
        self.region = region
        self.tensors = try collector.finish()
        self.metadata = collector.metadata
    }

    /// The tensor with this name.
    ///
    /// - Throws: ``CheckpointError`` with the code `unknownTensor`.
    package func tensor(_ name: String) throws(CheckpointError) -> TensorEntry {
        guard let entry = tensors[name] else {
            throw CheckpointError(
                .unknownTensor, file: location.lastPathComponent,
                "has no tensor \"\(name.quotable)\" among its \(tensors.count.grouped)",
                remedy: "check that the checkpoint is of the model that you mean to run")
        }
        return entry
    }
}
