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
        let contents = try FileContents(bytes, file: file.name)
        metadata.merge(contents.metadata) { first, _ in first }
        var placement = TensorPlacement(region: region, file: file)
        for tensor in contents.tensors {
            if let index, index.shardOfTensor[tensor.name] != file.name { continue }
            tensors[tensor.name] = try placement.place(tensor)
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
}
