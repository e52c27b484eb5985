import BlipCheckpoint
import ModelGraph

/// A product of activations with a weight: `MatMul(x, weight)`.
struct Product {
    let node: GraphNode
    let activations: Value
    let weight: StoredWeight

    /// transformers' path of its weight. Parts of a packed product share it.
    var name: String {
        let name = weight.node.ownName
        return String(name.hasSuffix(".weight") ? name.dropLast(".weight".count) : name[...])
    }

    init?(_ node: GraphNode) {
        guard node.type == "MatMul", node.inputs.count == 2,
            let weight = StoredWeight(node.inputs[1])
        else { return nil }
        self.node = node
        activations = node.inputs[0]
        self.weight = weight
    }
}

/// A tensor of the checkpoint in a graph.
struct StoredWeight {
    /// As f32.
    let value: Value
    let node: GraphNode
    let constant: Constant

    /// - Parameter value: a constant, or a constant that is widened to f32.
    init?(_ value: Value) {
        let producer = value.producer
        let node = producer.type == "Convert" ? producer.inputs[0].producer : producer
        guard let constant = node.constant, value.scalarType == .f32 else { return nil }
        // Numbers that the network itself is made of are no weights.
        if case .literal = constant.bytes { return nil }
        self.value = value
        self.node = node
        self.constant = constant
    }

    /// Reads its elements, row after row. What it returns holds the weights, and not the graph.
    func reader(in region: WeightRegion) -> () throws -> [Float] {
        let (constant, name) = (constant, node.ownName)
        return {
            let bytes = try constant.bytes.data(in: region.base)
            let floats = constant.scalarType.dataType.flatMap { type in
                bytes.withUnsafeBytes { FloatConversion.floats($0, type) }
            }
            guard let floats else {
                throw BlipError(
                    .wrongTensor, "\"\(name)\" is of \(constant.scalarType), and is no weight")
            }
            return floats
        }
    }
}

extension ScalarType {
    fileprivate var dataType: DataType? {
        switch self {
        case .f32: .f32
        case .f16: .f16
        case .bf16: .bf16
        default: nil
        }
    }
}

extension Graph {
    var products: [Product] { operations.compactMap(Product.init) }

    /// Every tensor of the checkpoint, once.
    var weights: [StoredWeight] {
        operations.filter { $0.constant != nil }.flatMap { node in
            let widened = node.outputs.flatMap(\.uses).filter { $0.node.type == "Convert" }
            let values = widened.isEmpty ? node.outputs : widened.flatMap(\.node.outputs)
            return values.compactMap(StoredWeight.init)
        }
    }
}
