import ModelGraph

/// A fault that is put in on purpose, to see that checks of devices find it.
package struct WeightFault: Sendable, Hashable {
    /// The part that has it.
    package var part: ModelPart
    /// What the weight is multiplied by.
    package var scale: Float
    /// Which graphs of the part have it.
    package var extent: Extent

    package enum Extent: Sendable, Hashable {
        case all
        /// Those of fixed shapes for at least so many rows.
        case batches(from: Int)
        /// Those for pictures of another size than the model's.
        case otherPictures
    }

    package init(in part: ModelPart, scale: Float, extent: Extent = .all) {
        self.part = part
        self.scale = scale
        self.extent = extent
    }

    func isIn(_ part: ModelPart, _ sizes: PartSizes?, ofOtherPictures: Bool) -> Bool {
        switch extent {
        case .all: part == self.part
        case .batches(let least): part == self.part && (sizes?.batch ?? 1) >= least
        case .otherPictures: part == self.part && ofOtherPictures
        }
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
