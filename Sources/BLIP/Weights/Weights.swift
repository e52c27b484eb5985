import Checkpoint
import ModelGraph

/// A checkpoint's tensors as constants of one graph, below a path of names.
///
/// `weights["encoder"]["layers"][3]` is written as the checkpoint names it, so that a block's code
/// and the names in the file can be read side by side.
struct Weights {
    let graph: Graph
    let source: TensorSource
    let storage: WeightStorage
    var path = ""

    subscript(_ name: String) -> Weights {
        var below = self
        below.path = path.isEmpty ? name : "\(path).\(name)"
        return below
    }

    subscript(_ index: Int) -> Weights { self[String(index)] }

    /// Whether the checkpoint has a tensor below this path, itself or by a tie.
    func contains(_ name: String) -> Bool { source.contains(self[name].path) }

    /// A tensor as an f32 value, however it is stored.
    ///
    /// - Throws: ``BlipError`` for a tensor that is missing or of another shape.
    func tensor(_ name: String, _ shape: [Int]) throws -> Value {
        let entry = try source.entry(self[name].path, shape: shape)
        return try storage.constant(entry, of: source.checkpoint, in: graph)
            .decompressed(to: .f32)
    }
}

/// How weights lie in the blob that OpenVINO reads.
enum WeightStorage: Sendable {
    /// As the checkpoint's own mapped bytes.
    case asStored
    /// Cast to half precision when they are written.
    case f16

    func constant(
        _ entry: TensorEntry, of checkpoint: Checkpoint, in graph: Graph
    ) throws -> Value {
        guard let type = entry.scalarType else {
            throw BlipError(
                .wrongTensor,
                "The tensor \"\(entry.name)\" is of type \(entry.dataType) where F32, F16 or BF16 "
                    + "is needed; use a checkpoint in one of these")
        }
        let shape = Shape(entry.shape.map { .fixed($0) })
        if case .f16 = self, type != .f16 {
            let count = shape.elementCount ?? 0
            return try graph.constant(
                .f16, shape,
                .produced(byteCount: count * 2) {
                    halfPrecision(try checkpoint.floats(entry.name))
                }, called: entry.name)
        }
        return try graph.constant(
            type, shape, .inBlob(offset: entry.offset, byteCount: entry.byteCount),
            called: entry.name)
    }
}

/// Rounds to the nearest half, and clamps what is out of range, as OpenVINO's own compression does.
private func halfPrecision(_ values: [Float]) -> [UInt8] {
    let greatest = Float(Float16.greatestFiniteMagnitude)
    let halves = values.map { Float16(max(-greatest, min(greatest, $0))) }
    return halves.withUnsafeBytes { Array($0) }
}
