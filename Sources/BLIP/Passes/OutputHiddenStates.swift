import ModelGraph

/// Puts out the states after each layer of a vision model.
struct OutputHiddenStates: GraphPass {
    let layerCount: Int

    func run(on graph: Graph) throws {
        for layer in 0..<layerCount {
            // A layer hands on one value, its states.
            let leaving = graph.values(leaving: "layer.\(layer)")
            guard leaving.count == 1 else {
                throw BlipError(
                    .invalidConfiguration,
                    "The vision graph does not name its \(layerCount) layers; convert the checkpoint "
                        + "again with this program")
            }
            graph.output(leaving[0], PortName.hiddenState(layer))
        }
    }
}
