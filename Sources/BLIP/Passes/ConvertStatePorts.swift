import ModelGraph

/// Lets keys and values pass from graph to graph in the type that the device computes in, so that none are
/// widened and narrowed again in every step.
struct ConvertStatePorts: GraphPass {
    let type: ScalarType

    func run(on graph: Graph) {
        graph.convertPorts { name in
            ["cross_", "past_", "new_"].contains { name.hasPrefix($0) } ? type : nil
        }
    }
}
