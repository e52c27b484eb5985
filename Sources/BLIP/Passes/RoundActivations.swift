import BlipCheckpoint
import ModelGraph

/// Rounds what products read to 8 bits, balanced with their weights as SmoothQuant does (Xiao et al., 2022).
/// The weights become integers in ``RoundWeights``, behind this pass.
struct RoundActivations: GraphPass {
    /// By the product's name.
    let inputs: [String: QuantizedInput]
    /// Where the weights lie.
    let region: WeightRegion

    private struct Rounding: Hashable {
        let activations: Value
        let input: QuantizedInput
    }

    func run(on graph: Graph) throws {
        // Products of the same activations share their rounding.
        var rounded: [Rounding: Value] = [:]
        for product in graph.products {
            guard let input = inputs[product.name], product.isWorthRounding else { continue }
            let key = Rounding(activations: product.activations, input: input)
            let value =
                try rounded[key]
                ?? graph.scope(of: product.node) {
                    try input.balanced(product.activations).fakeQuantized(to: input.range)
                }
            rounded[key] = value
            try product.node.setInput(0, to: value)
            let weight = product.weight
            let count = weight.constant.shape.elementCount ?? 0
            let floats = weight.reader(in: region)
            let bytes = ConstantBytes.produced(byteCount: count * 4) {
                input.balanced(weight: try floats()[...]).withUnsafeBytes { Array($0) }
            }
            let balanced = try graph.scope(of: weight.node) {
                try graph.constant(
                    .f32, weight.constant.shape, bytes, called: weight.node.ownName)
            }
            try product.node.setInput(1, to: balanced)
        }
    }
}

extension Product {
    /// A single vector, as the class token's, is not.
    var isWorthRounding: Bool { activations.shape.rank == 3 }
}

extension QuantizedInput {
    func balanced(_ x: Value) throws -> Value {
        try x.multiplied(by: x.graph.floats(balance.map { 1 / $0 }))
    }

    /// A weight, row after row, to be multiplied with balanced activations.
    func balanced(weight: ArraySlice<Float>) -> [Float] {
        weight.withUnsafeBufferPointer { weight in
            balance.withUnsafeBufferPointer { balance in
                var scaled = [Float](weight)
                for index in scaled.indices { scaled[index] *= balance[index % balance.count] }
                return scaled
            }
        }
    }
}
