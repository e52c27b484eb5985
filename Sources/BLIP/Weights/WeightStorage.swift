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

    /// The integers that it becomes in weights of a kind; `nil` for what is no matrix.
    ///
    /// Rows for words and positions stay at 8 bits: the first thing a text meets, and the last, and
    /// rows of a length that groups do not divide.
    func integers(_ integers: GroupQuantization.Integers) -> GroupQuantization.Integers? {
        guard shape.count == 2 else { return nil }
        let isTable = ["embeddings.weight", "predictions.decoder.weight"].contains {
            entry.name.hasSuffix($0)
        }
        return isTable || !integers.fit(columns: shape[1]) ? .int8 : integers
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
    /// Matrices as integers with scales; all else as in ``f16``.
    case integers(GroupQuantization.Integers)

    /// The part as an f32 value, however it is stored.
    ///
    /// - Parameter input: how the activations are rounded that a product multiplies it with; `nil`
    ///   where they are not.
    func value(
        _ part: TensorPart, of checkpoint: Checkpoint, in graph: Graph,
        for input: QuantizedInput? = nil
    ) throws -> Value {
        guard let type = part.entry.scalarType else {
            throw BlipError(
                .wrongTensor,
                "The tensor \"\(part.entry.name)\" is of type \(part.entry.dataType) where F64, F32, "
                    + "F16 or BF16 is needed; use a checkpoint in one of these")
        }
        let floats = { try checkpoint.floats(of: part.entry)[part.elements] }
        let (shape, name) = (Shape(part.shape.map { .fixed($0) }), part.entry.name)
        if let input, part.shape.count == 2 {
            let integers: GroupQuantization.Integers =
                if case .integers(.int7) = self { .int7 } else { .int8 }
            return try graph.quantized(
                rows: part.shape[0], columns: part.shape[1], as: integers, called: name
            ) { input.balanced(weight: try floats())[...] }
        }
        if case .integers(let kind) = self, let integers = part.integers(kind) {
            return try graph.quantized(
                rows: part.shape[0], columns: part.shape[1], as: integers, called: name, floats)
        }
        switch self {
        case .f16 where type != .f16, .integers where type != .f16:
            let bytes = ConstantBytes.produced(byteCount: part.elementCount * 2) {
                HalfPrecision.bytes(try floats())
            }
            return try graph.constant(.f16, shape, bytes, called: name).decompressed(to: .f32)
        case .asStored, .f16, .integers:
            let bytes = ConstantBytes.inBlob(offset: part.byteOffset, byteCount: part.byteCount)
            return try graph.constant(type, shape, bytes, called: name).decompressed(to: .f32)
        }
    }
}
