import ModelGraph

/// Puts out the least and greatest number that each operation computes.
struct ObserveMagnitudes: GraphPass {
    private static let (lowest, highest) = (".lowest of all", ".highest of all")

    /// Operations that make numbers, and do not only move them.
    static let computing: Set<String> = [
        "Add", "Multiply", "MatMul", "Convolution", "SoftMax", "MVN", "NormalizeL2", "Gelu", "ReLU",
        "Sigmoid", "Swish", "HSwish", "Mish", "Tanh",
    ]

    /// The operation that an output tells of; `nil` for all other outputs.
    static func node(of output: String) -> String? {
        [lowest, highest].first(where: output.hasSuffix).map {
            String(output.dropLast($0.count))
        }
    }

    func run(on graph: Graph) throws {
        for node in graph.operations where Self.computing.contains(node.type) {
            // What is made of weights alone is folded away.
            guard let x = node.outputs.first, x.scalarType == .f32, x.shape.elementCount == nil
            else { continue }
            let axes = Array(0..<x.shape.rank)
            graph.output(try x.reduced(by: .minimum, axes: axes), node.name + Self.lowest)
            graph.output(try x.reduced(by: .maximum, axes: axes), node.name + Self.highest)
        }
    }
}
