package import ModelGraph

/// Puts out the mean squared error of rounding what a product reads to each of some shares of its range.
package struct CompareRanges: GraphPass {
    /// By the product's name.
    let inputs: [String: QuantizedInput]

    /// Shares of a range that are tried: rare outliers need not make all steps coarse.
    package static let shares: [Float] = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4]
    package static func errors(_ product: String) -> String { "\(product).errors" }

    package func run(on graph: Graph) throws {
        for product in graph.products.uniqued() where product.isWorthRounding {
            guard let input = inputs[product.name] else { continue }
            let balanced = try input.balanced(product.activations)
            let opposite = try balanced.scaled(by: -1)
            let errors = try Self.shares.map { share in
                let range = input.narrowed(to: share).range
                let error = try balanced.fakeQuantized(to: range).adding(opposite)
                return try error.multiplied(by: error).reduced(by: .mean, axes: [0, 1, 2])
            }
            let all = try errors.dropFirst().reduce(errors[0]) {
                try $0.concatenated(with: $1, axis: 2)
            }
            graph.output(all, Self.errors(product.name))
        }
    }
}
