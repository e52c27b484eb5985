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
    let inputs: ProductInputs
    private(set) var path = ""

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
    /// - Parameter rows: a part of the first axis, which is no copy either; `nil` for all.
    /// - Throws: ``BlipError`` for a tensor that is missing or of another shape.
    func tensor(_ name: String, _ shape: [Int], rows: Range<Int>? = nil) throws -> Value {
        let entry = try source.entry(self[name].path, shape: shape)
        let part = TensorPart(entry, rows: rows)
        // Tied weights are one constant.
        if let value = placed.values[part] { return value }
        let value = try storage.value(
            part, of: source.checkpoint, in: graph, for: inputs.input(at: path))
        placed.values[part] = value
        return value
    }

    /// The activations, as the product below this path reads them.
    func productInput(_ x: Value) throws -> Value {
        let name: String
        switch inputs {
        case .plain: return x
        case .observed, .compared: name = path
        case .quantized:
            guard inputs.input(at: path) != nil else { return x }
            // Rounded once for all products that read it.
            name = ""
        }
        let key = Placed.Input(activations: x, name: name)
        if let input = placed.inputs[key] { return input }
        let input = try inputs.applied(to: x, at: path)
        placed.inputs[key] = input
        return input
    }

    /// What a graph has already; shared by all paths into one checkpoint.
    final class Placed {
        var values: [TensorPart: Value] = [:]
        var inputs: [Input: Value] = [:]

        struct Input: Hashable {
            let activations: Value
            let name: String
        }
    }
    private let placed = Placed()

    init(graph: Graph, source: TensorSource, storage: WeightStorage, inputs: ProductInputs) {
        self.graph = graph
        self.source = source
        self.storage = storage
        self.inputs = inputs
    }
}
