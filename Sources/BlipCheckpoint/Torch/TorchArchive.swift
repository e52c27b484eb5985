/// A file that `torch.save` writes since torch 1.6: a zip archive with a pickle, `*/data.pkl`, and an
/// entry for each storage, `*/data/*` (torch, `torch/serialization.py`).
enum TorchArchive {
    static func read(_ bytes: ByteView, file: String) throws(CheckpointError) -> [StoredTensor] {
        let directory = try ZipDirectory.parse(bytes, file: file)
        var entries: [String: ZipDirectory.Entry] = [:]
        for entry in directory.entries { entries[entry.name] = entry }

        let root = try root(of: directory, file: file)
        if entries["\(root)/constants.pkl"] != nil {
            throw CheckpointError(
                .notACheckpoint, file: file, "is a TorchScript program and not a file of weights",
                remedy: "save the model's state_dict() with torch.save")
        }
        if let entry = entries["\(root)/byteorder"],
            bytes.array(at: entry.offset, count: entry.byteCount) != Array("little".utf8)
        {
            throw CheckpointError(
                .notACheckpoint, file: file, "was saved on a big-endian machine",
                remedy: "load and save it again on a little-endian one")
        }
        guard let pickled = entries["\(root)/data.pkl"],
            let content = bytes.slice(at: pickled.offset, count: pickled.byteCount)
        else { throw missing("data.pkl", file: file) }

        let pickle = try Unpickler.load(content, file: file)
        var tensors: [StoredTensor] = []
        for (name, tensor) in try StateDictionary(pickle, file: file).tensors {
            guard let storage = pickle.heap.storage(.storage(tensor.storage)) else { continue }
            guard let entry = entries["\(root)/data/\(storage.key)"] else {
                throw missing("data/\(storage.key)", file: file)
            }
            guard storage.dataType.byteCount(shape: [storage.elementCount]) == entry.byteCount
            else {
                throw CheckpointError(
                    .storageSizeMismatch, file: file,
                    "the storage \"\(storage.key.quotable)\" should have"
                        + " \(storage.elementCount.grouped) elements of \(storage.dataType) but its"
                        + " zip entry has \(entry.byteCount.grouped) bytes")
            }
            let view = StorageView(file: file, storage: storage, storageOffset: entry.offset)
            tensors.append(try view.tensor(tensor, name: name))
        }
        return tensors
    }

    /// The one folder in which everything lies.
    private static func root(
        of directory: ZipDirectory, file: String
    ) throws(CheckpointError) -> String {
        let suffix = "/data.pkl"
        let roots = directory.entries.filter { $0.name.hasSuffix(suffix) }
            .map { String($0.name.dropLast(suffix.count)) }
        guard let root = roots.first, roots.count == 1 else {
            throw missing(roots.isEmpty ? "data.pkl" : "data.pkl that is the only one", file: file)
        }
        return root
    }

    private static func missing(_ entry: String, file: String) -> CheckpointError {
        CheckpointError(
            .zipEntryMissing, file: file,
            "is a zip archive without \(entry.quotable), so torch.save did not write it or a part"
                + " is missing")
    }
}
