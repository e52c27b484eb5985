import Foundation
import Testing

/// A copy of a recorded checkpoint that a test may change; it goes when the test is done with it.
final class CheckpointCopy {
    /// In a folder of its own, which the test may use too.
    let folder: URL

    /// - Parameter name: of a folder of the fixtures; `nil` for an empty one.
    init(_ name: String?, as copy: String = "checkpoint") throws {
        let parent = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        folder = parent.appending(path: copy)
        try FileManager.default.createDirectory(
            at: name == nil ? folder : parent, withIntermediateDirectories: true)
        if let name {
            try FileManager.default.copyItem(
                at: Record.fixtures.appending(path: name), to: folder)
        }
    }

    deinit { try? FileManager.default.removeItem(at: parent) }

    var parent: URL { folder.deletingLastPathComponent() }

    func write(_ content: String, _ name: String) throws {
        try Data(content.utf8).write(to: folder.appending(path: name))
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(at: folder.appending(path: name))
    }

    /// Changes the one file of weights.
    func changeTensors(_ change: (inout [String: SafetensorsFile.Tensor]) throws -> Void) throws {
        let file = folder.appending(path: "model.safetensors")
        var contents = try SafetensorsFile(contentsOf: file)
        try change(&contents.tensors)
        try contents.write(to: file)
    }
}

/// A safetensors file as a test changes it.
struct SafetensorsFile {
    struct Tensor {
        var type: String
        var shape: [Int]
        var bytes: Data
    }

    var tensors: [String: Tensor] = [:]

    init() {}

    init(contentsOf url: URL) throws {
        let data = try Data(contentsOf: url)
        let length = data.prefix(8).enumerated().reduce(0) {
            $0 | Int($1.element) << (8 * $1.offset)
        }
        let header = try JSONSerialization.jsonObject(with: data[8..<8 + length])
        for (name, value) in try #require(header as? [String: [String: Any]])
        where name != "__metadata__" {
            let offsets = try #require(value["data_offsets"] as? [Int])
            tensors[name] = Tensor(
                type: try #require(value["dtype"] as? String),
                shape: try #require(value["shape"] as? [Int]),
                bytes: data[8 + length + offsets[0]..<8 + length + offsets[1]])
        }
    }

    func write(to url: URL) throws {
        var header: [String: [String: Any]] = [:]
        var body = Data()
        for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
            header[name] = [
                "dtype": tensor.type, "shape": tensor.shape,
                "data_offsets": [body.count, body.count + tensor.bytes.count],
            ]
            body.append(tensor.bytes)
        }
        let json = try JSONSerialization.data(withJSONObject: header)
        let length = (0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) }
        try (Data(length) + json + body).write(to: url)
    }
}

extension [String: SafetensorsFile.Tensor] {
    mutating func rename(_ name: (String) -> String) {
        self = Dictionary(uniqueKeysWithValues: map { (name($0.key), $0.value) })
    }
}
