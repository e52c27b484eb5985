import Checkpoint
import ModelGraph

/// A stored tensor, or some rows of it, which lie side by side.
struct TensorPart: Hashable {
    let entry: TensorEntry
    let rows: Range<Int>
    let shape: [Int]

    /// - Parameter rows: within the tensor's first axis; `nil` for all.
    init(_ entry: TensorEntry, rows: Range<Int>?) {
        self.entry = entry
        let all = 0..<(entry.shape.first ?? 1)
        self.rows = rows?.clamped(to: all) ?? all
        shape = entry.shape.isEmpty ? [] : [self.rows.count] + entry.shape.dropFirst()
    }

    var elementCount: Int { shape.reduce(1, *) }

    /// The elements of the whole tensor that this part is.
    var elements: Range<Int> {
        let perRow = rows.isEmpty ? 0 : elementCount / rows.count
        return rows.lowerBound * perRow..<rows.upperBound * perRow
    }

    var byteOffset: Int { entry.offset + elements.lowerBound * entry.dataType.byteWidth }
    var byteCount: Int { elements.count * entry.dataType.byteWidth }
}

/// How weights lie in the blob that OpenVINO reads.
enum WeightStorage: Sendable {
    /// As the checkpoint's own mapped bytes.
    case asStored
    /// Cast to half precision when they are written.
    case f16

    func constant(
        _ part: TensorPart, of checkpoint: Checkpoint, in graph: Graph
    ) throws -> Value {
        guard let type = part.entry.scalarType else {
            throw BlipError(
                .wrongTensor,
                "The tensor \"\(part.entry.name)\" is of type \(part.entry.dataType) where F32, F16 "
                    + "or BF16 is needed; use a checkpoint in one of these")
        }
        let shape = Shape(part.shape.map { .fixed($0) })
        if case .f16 = self, type != .f16 {
            return try graph.constant(
                .f16, shape,
                .produced(byteCount: part.elementCount * 2) {
                    HalfPrecision.bytes(try checkpoint.floats(part.entry.name)[part.elements])
                }, called: part.entry.name)
        }
        return try graph.constant(
            type, shape, .inBlob(offset: part.byteOffset, byteCount: part.byteCount),
            called: part.entry.name)
    }
}
