internal import Foundation

/// Which files of a folder hold the weights.
struct WeightFiles {
    /// The files to map, in the order of the region.
    let urls: [URL]
    /// For a sharded checkpoint: which file has which tensor.
    let index: ShardIndex?

    private static let candidates = [
        "model.safetensors", "model.safetensors.index.json",
        "pytorch_model.bin", "pytorch_model.bin.index.json",
    ]

    /// Finds the weights in a folder, or takes the file that is given.
    init(at location: URL) throws(CheckpointError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: location.path, isDirectory: &isFolder) else {
            throw CheckpointError(
                .noWeights, file: location.path, "does not exist",
                remedy: "give a checkpoint folder or a file of weights")
        }
        if isFolder.boolValue {
            try self.init(folder: location)
        } else {
            try self.init(file: location)
        }
    }

    private init(folder: URL) throws(CheckpointError) {
        for name in Self.candidates {
            let url = folder.appendingPathComponent(name)
            if FileManager.default.fileExists(atPath: url.path) {
                try self.init(file: url)
                return
            }
        }
        let others = Self.otherFiles(in: folder)
        if others.count == 1, let file = others.first {
            try self.init(file: file)
            return
        }
        let found = others.map(\.lastPathComponent).joined(separator: ", ")
        throw CheckpointError(
            .noWeights, file: folder.path,
            "holds no weights (looked for \(Self.candidates.joined(separator: ", ")), and one *.pth"
                + (found.isEmpty ? ")" : " but found \(found.quotable))"),
            remedy: found.isEmpty ? "download one of them into it" : "give the path of one of them")
    }

    /// Salesforce publishes its models as files with names of their own. transformers' trainer puts the
    /// state of its random numbers beside the weights, under such a name too.
    private static func otherFiles(in folder: URL) -> [URL] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".pth") && !$0.hasPrefix("rng_state") }.sorted()
            .map { folder.appendingPathComponent($0) }
    }

    private init(file: URL) throws(CheckpointError) {
        guard file.pathExtension == "json" else {
            self.init(urls: [file], index: nil)
            return
        }
        let index = try ShardIndex(at: file)
        let folder = file.deletingLastPathComponent()
        let shards = index.shardNames
        let missing = shards.filter {
            !FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path)
        }
        if let first = missing.first {
            let others = missing.count - 1
            throw CheckpointError(
                .missingShard, file: file.lastPathComponent,
                "names the shard \(first.quotable), which is not there"
                    + (others > 0 ? " (nor are \(others) others)" : ""),
                remedy: "download the missing shards into the same folder")
        }
        self.init(urls: shards.map { folder.appendingPathComponent($0) }, index: index)
    }

    private init(urls: [URL], index: ShardIndex?) {
        self.urls = urls
        self.index = index
    }
}
