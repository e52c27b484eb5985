/// A file that `torch.save` wrote before torch 1.6: five pickles (a magic number, a version, facts
/// about the machine, the object, the storages' keys) and the storages, each after the number of its
/// elements (torch, `torch/serialization.py`, `_legacy_save`).
enum TorchLegacyFile {
    /// The magic number, lowest byte first.
    private static let magic: [UInt8] = [
        0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
    ]

    static func read(_ bytes: ByteView, file: String) throws(CheckpointError) -> [StoredTensor] {
        var position = 0
        try checkPreamble(bytes, &position, file: file)
        let object = try next(bytes, &position, file: file)
        let keys = try next(bytes, &position, file: file)
        let storages = try Self.storages(of: object, file: file)
        let offsets = try offsets(
            bytes, position, keys: keys, storages: storages, file: file)

        var tensors: [StoredTensor] = []
        for (name, tensor) in try StateDictionary(object, file: file).tensors {
            guard let storage = object.heap.storage(.storage(tensor.storage)) else { continue }
            guard let offset = offsets[storage.key] else {
                throw CheckpointError(
                    .storageSizeMismatch, file: file,
                    "the storage \"\(storage.key.quotable)\" is not among those that follow")
            }
            let view = StorageView(file: file, storage: storage, storageOffset: offset)
            tensors.append(try view.tensor(tensor, name: name))
        }
        return tensors
    }

    private static func next(
        _ bytes: ByteView, _ position: inout Int, file: String
    ) throws(CheckpointError) -> Pickle {
        let pickle = try Unpickler.load(bytes, at: position, file: file)
        position = pickle.end
        return pickle
    }

    private static func checkPreamble(
        _ bytes: ByteView, _ position: inout Int, file: String
    ) throws(CheckpointError) {
        guard case .bigInteger(magic) = try next(bytes, &position, file: file).root else {
            throw CheckpointError(
                .notACheckpoint, file: file, "is a pickle, but not one that torch.save wrote",
                remedy: "save the model's state_dict() with torch.save")
        }
        guard case .integer(1001) = try next(bytes, &position, file: file).root else {
            throw CheckpointError(
                .notACheckpoint, file: file, "is in an unknown version of torch's legacy format",
                remedy: Remedy.save)
        }
        let machine = try next(bytes, &position, file: file)
        if let facts = machine.heap.container(machine.root, .dictionary),
            case .bool(false)? = machine.heap.value("little_endian", in: facts)
        {
            throw CheckpointError(
                .notACheckpoint, file: file, "was saved on a big-endian machine",
                remedy: "load and save it again on a little-endian one")
        }
    }

    /// The storages by key. One that several tensors share is mentioned several times, always alike.
    private static func storages(
        of object: Pickle, file: String
    ) throws(CheckpointError) -> [String: PickleHeap.Storage] {
        var storages: [String: PickleHeap.Storage] = [:]
        for storage in object.heap.storages {
            if let other = storages[storage.key],
                other.dataType != storage.dataType || other.elementCount != storage.elementCount
            {
                throw mismatch(storage, "is described in two ways", file: file)
            }
            storages[storage.key] = storage
        }
        return storages
    }

    /// Where each storage's first byte lies in the file.
    private static func offsets(
        _ bytes: ByteView, _ start: Int, keys: Pickle, storages: [String: PickleHeap.Storage],
        file: String
    ) throws(CheckpointError) -> [String: Int] {
        guard let list = keys.heap.container(keys.root, .list)?.items else {
            throw CheckpointError(
                .pickleInvalid, file: file, "its list of storages is \(keys.root.kind)")
        }
        var position = start
        var offsets: [String: Int] = [:]
        for item in list {
            guard case .string(let key) = item, let storage = storages[key], offsets[key] == nil
            else {
                throw CheckpointError(
                    .storageSizeMismatch, file: file,
                    "its list of storages has one that no tensor uses, or one twice")
            }
            guard let count: Int64 = bytes.integer(at: position), count == storage.elementCount
            else { throw mismatch(storage, "has another number of elements", file: file) }
            position += 8
            guard let byteCount = storage.dataType.byteCount(shape: [storage.elementCount]),
                bytes.slice(at: position, count: byteCount) != nil
            else { throw mismatch(storage, "goes on past the end of the file", file: file) }
            offsets[key] = position
            position += byteCount
        }
        return offsets
    }

    private static func mismatch(
        _ storage: PickleHeap.Storage, _ problem: String, file: String
    ) -> CheckpointError {
        CheckpointError(
            .storageSizeMismatch, file: file,
            "the storage \"\(storage.key.quotable)\" of \(storage.elementCount.grouped) elements of"
                + " \(storage.dataType) \(problem)")
    }
}
