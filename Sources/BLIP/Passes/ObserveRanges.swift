package import ModelGraph

/// Puts out the least and greatest activation of each channel that a product reads.
package struct ObserveRanges: GraphPass {
    private static let (lowest, highest) = (".lowest", ".highest")

    /// The product that an output tells the least activations of.
    package static func product(ofLowest output: String) -> String? { product(output, lowest) }
    /// The product that an output tells the greatest activations of.
    package static func product(ofHighest output: String) -> String? { product(output, highest) }

    private static func product(_ output: String, _ suffix: String) -> String? {
        output.hasSuffix(suffix) ? String(output.dropLast(suffix.count)) : nil
    }

    package func run(on graph: Graph) throws {
        for product in graph.products.uniqued() where product.isWorthRounding {
            let x = product.activations
            graph.output(try x.reduced(by: .minimum, axes: [0, 1]), product.name + Self.lowest)
            graph.output(try x.reduced(by: .maximum, axes: [0, 1]), product.name + Self.highest)
        }
    }
}

extension [Product] {
    /// One of those that read the same under one name, as a packed product's parts do.
    func uniqued() -> [Product] {
        var seen: Set<String> = []
        return filter { seen.insert($0.name).inserted }
    }
}
