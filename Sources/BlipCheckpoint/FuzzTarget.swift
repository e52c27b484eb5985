/// Whatever reads foreign bytes, as functions of bytes: the fuzzers (Fuzz/) and the mutation tests
/// call these.
///
/// They may throw ``CheckpointError``, must not trap, and return whether all that was accepted lies
/// inside the bytes.
enum FuzzTarget {
    private static let file = "fuzzed"

    static func safetensors(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) -> Bool {
        let header = try SafetensorsHeader.parse(
            ByteView(bytes), fileLength: bytes.count, file: file)
        return header.tensors.allSatisfy { $0.end <= bytes.count - header.dataOffset }
    }

    static func shardIndex(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) -> Bool {
        let index = try ShardIndex.parse(ByteView(bytes), file: file)
        return !index.shardNames.contains { $0.contains("/") || $0 == ".." }
    }

    static func zipDirectory(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) -> Bool {
        let directory = try ZipDirectory.parse(ByteView(bytes), file: file)
        return directory.entries.allSatisfy {
            ByteView(bytes).slice(at: $0.offset, count: $0.byteCount) != nil
        }
    }

    static func pickle(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) -> Bool {
        let pickle = try Unpickler.load(ByteView(bytes), file: file)
        for (name, tensor) in try StateDictionary(pickle, file: file).tensors {
            guard let storage = pickle.heap.storage(.storage(tensor.storage)) else { return false }
            let view = StorageView(file: file, storage: storage, storageOffset: 0)
            _ = try view.tensor(tensor, name: name)
        }
        return pickle.end <= bytes.count
    }

    /// A file of weights of any format, with its tensors put into a region.
    static func weights(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) -> Bool {
        let contents = try FileContents(ByteView(bytes), file: file)
        let region = try WeightRegion(mapping: [], arenaCapacity: 4 * bytes.count + 4096)
        let offset = try region.append(bytes)
        let file = WeightRegion.File(
            name: file, offset: offset, byteCount: bytes.count,
            stamp: FileStamp(length: bytes.count, seconds: 0, nanoseconds: 0))
        var placement = TensorPlacement(region: region, file: file)
        for tensor in contents.tensors {
            let entry = try placement.place(tensor)
            guard entry.byteCount <= region.count - entry.offset else { return false }
        }
        return true
    }
}
