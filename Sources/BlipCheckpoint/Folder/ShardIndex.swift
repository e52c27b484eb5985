internal import BlipJSON
internal import Foundation

/// The index of a sharded checkpoint (`*.index.json`): which file has which tensor.
struct ShardIndex {
    let file: String
    let shardOfTensor: [String: String]

    /// The shards, each once, in the order of their names.
    var shardNames: [String] { Set(shardOfTensor.values).sorted() }

    init(at url: URL) throws(CheckpointError) {
        let region = try WeightRegion(mapping: [url], arenaCapacity: 0)
        self = try withExtendedLifetime(region) { () throws(CheckpointError) in
            guard let bytes = region.view(ofFile: 0),
                bytes.count <= SafetensorsHeader.maximumLength
            else {
                throw CheckpointError(
                    .headerTooLarge, file: url.lastPathComponent,
                    "is larger than any index of shards")
            }
            return try Self.parse(bytes, file: url.lastPathComponent)
        }
    }

    private init(file: String, shardOfTensor: [String: String]) {
        self.file = file
        self.shardOfTensor = shardOfTensor
    }

    static func parse(_ bytes: ByteView, file: String) throws(CheckpointError) -> Self {
        var shards: [String: String]?
        var reader = bytes.jsonReader(file: file, subject: "the index")
        try reader.object { (name, reader) throws(CheckpointError) in
            guard name == "weight_map" else { return try reader.skipValue() }
            var map: [String: String] = [:]
            try reader.object { (tensor, reader) throws(CheckpointError) in
                map[tensor] = try checkedName(try reader.string(), file: file)
            }
            shards = map
        }
        try reader.end()
        guard let shards else {
            throw CheckpointError(.missingField, file: file, "the index has no weight_map")
        }
        return Self(file: file, shardOfTensor: shards)
    }

    /// A shard lies beside its index: anything that could lead elsewhere is refused.
    private static func checkedName(
        _ name: String, file: String
    ) throws(CheckpointError) -> String {
        let leadsElsewhere = name.utf8.contains {
            [UInt8(ascii: "/"), UInt8(ascii: "\\"), 0].contains($0)
        }
        guard !name.isEmpty, name != ".", name != "..", !leadsElsewhere else {
            throw CheckpointError(
                .unsafeShardName, file: file,
                "names the shard \"\(name.quotable)\", which is not a file in its folder",
                remedy: Remedy.untrusted)
        }
        return name
    }
}
