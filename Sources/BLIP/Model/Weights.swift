import BlipCheckpoint
import ModelGraph

/// A checkpoint's tensors as constants of one graph, below a path of names.
///
/// `weights["encoder"]["layers"][3]` is written as the checkpoint names it, so that a block's code
/// and the names in the file can be read side by side.
struct Weights {
    let graph: Graph
    private let source: TensorSource
    private let constants = Constants()
    private var path = ""

    init(graph: Graph, source: TensorSource) {
        self.graph = graph
        self.source = source
    }

    subscript(_ name: String) -> Weights {
        var below = self
        below.path = path.isEmpty ? name : "\(path).\(name)"
        return below
    }

    subscript(_ index: Int) -> Weights { self[String(index)] }

    /// Whether the checkpoint has a tensor below this path, itself or by a tie.
    func contains(_ name: String) -> Bool { source.contains(self[name].path) }

    /// A tensor as f32 values.
    ///
    /// - Parameter rows: a part of the first axis, which is no copy either; `nil` for all.
    /// - Throws: ``BlipError`` for a tensor that is missing or of another shape.
    func tensor(_ name: String, _ shape: [Int], rows: Range<Int>? = nil) throws -> Value {
        let path = self[name].path
        let entry = try source.entry(path, shape: shape)
        guard let type = entry.scalarType else {
            throw BlipError(
                .wrongTensor,
                "The tensor \"\(path)\" is of type \(entry.dataType) where F64, F32, F16 "
                    + "or BF16 is needed; use a checkpoint in one of these")
        }
        let count = shape.first ?? 1
        let rows = rows ?? 0..<count
        let row = entry.byteCount / max(1, count)
        let place = Place(
            offset: entry.offset + rows.lowerBound * row, byteCount: rows.count * row,
            shape: shape.isEmpty ? [] : [rows.count] + shape.dropFirst())
        // Tied weights are one constant. It is named as transformers does, whatever the file calls it.
        return try constants.value(at: place) {
            try graph.constant(
                type, Shape(place.shape.map { .fixed($0) }),
                .inBlob(offset: place.offset, byteCount: place.byteCount), called: path
            ).decompressed(to: .f32)
        }
    }

    private struct Place: Hashable {
        let offset: Int
        let byteCount: Int
        let shape: [Int]
    }

    /// What a graph has already; shared by all paths into one checkpoint.
    private final class Constants {
        private var values: [Place: Value] = [:]

        func value(at place: Place, _ make: () throws -> Value) rethrows -> Value {
            if let value = values[place] { return value }
            let value = try make()
            values[place] = value
            return value
        }
    }
}
