/// Gathers the tensors of all files of a checkpoint.
struct TensorCollector {
    let region: WeightRegion
    let index: ShardIndex?
    private(set) var metadata: [String: String] = [:]
    private var tensors: [String: TensorEntry] = [:]

    init(region: WeightRegion, index: ShardIndex?) {
        self.region = region
        self.index = index
    }

    mutating func read(fileAt number: Int) throws(CheckpointError) {
        guard region.files.indices.contains(number), let bytes = region.view(ofFile: number)
        else { return }
        let file = region.files[number]
        for entry in try entries(of: file, bytes) {
            if let index, index.shardOfTensor[entry.name] != file.name { continue }
            tensors[entry.name] = try aligned(entry)
        }
    }

    /// All tensors, once those that the index promises are there.
    func finish() throws(CheckpointError) -> [String: TensorEntry] {
        guard let index else { return tensors }
        let missing = index.shardOfTensor.filter { tensors[$0.key] == nil }
        if let (name, shard) = missing.min(by: { $0.key < $1.key }) {
            throw CheckpointError(
                .tensorNotInShard, file: shard,
                "has no tensor \"\(name.quotable)\" though \(index.file.quotable) says so",
                remedy: "download the index and all shards again, from the same revision")
        }
        return tensors
    }

    private mutating func entries(
        of file: WeightRegion.File, _ bytes: ByteView
    ) throws(CheckpointError) -> [TensorEntry] {
        switch try FileFormat.detect(bytes, file: file.name) {
        case .safetensors:
            let header = try SafetensorsHeader.parse(
                bytes, fileLength: file.byteCount, file: file.name)
            metadata.merge(header.metadata) { first, _ in first }
            return header.tensors.map { tensor in
                TensorEntry(
                    name: tensor.name, dataType: tensor.dataType, shape: tensor.shape,
                    offset: file.offset + header.dataOffset + tensor.begin,
                    byteCount: tensor.end - tensor.begin)
            }
        }
    }

    /// The entry itself, or one that points to a copy where elements would lie across the
    /// boundaries that their type needs. (The format pads nothing: an odd number of F16 before F32
    /// is enough.)
    private func aligned(_ entry: TensorEntry) throws(CheckpointError) -> TensorEntry {
        guard !entry.offset.isMultiple(of: max(entry.dataType.byteWidth, 1)) else { return entry }
        let range = entry.offset..<entry.offset + entry.byteCount
        let offset = try region.append(UnsafeRawBufferPointer(rebasing: region.base[range]))
        return TensorEntry(
            name: entry.name, dataType: entry.dataType, shape: entry.shape, offset: offset,
            byteCount: entry.byteCount)
    }
}
