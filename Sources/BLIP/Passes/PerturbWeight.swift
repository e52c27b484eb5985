import ModelGraph

/// A fault that is put in on purpose, to see that checks of devices find it.
package struct WeightFault: Sendable, Hashable {
    /// The part that has it.
    package var part: ModelPart
    /// What the weight is multiplied by.
    package var scale: Float

    package init(in part: ModelPart, scale: Float) {
        self.part = part
        self.scale = scale
    }
}

/// Multiplies one weight, that of the product in the middle of a graph.
struct PerturbWeight: GraphPass {
    let scale: Float

    func run(on graph: Graph) throws {
        let products = graph.products
        guard !products.isEmpty else { return }
        let product = products[products.count / 2]
        try product.node.setInput(1, to: product.weight.value.scaled(by: scale))
    }
}
