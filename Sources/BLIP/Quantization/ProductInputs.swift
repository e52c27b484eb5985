import ModelGraph

/// What a graph does with the activations that its products read. A product is named by the
/// checkpoint's path of its weight; products of the same activations share their rounding.
enum ProductInputs: Sendable {
    /// Nothing.
    case plain
    /// Puts out the least and greatest activation of each channel, as further outputs.
    case observed
    /// Puts out the mean squared error of rounding to each of ``shares`` of the ranges.
    case compared([String: QuantizedInput])
    /// Rounds those that are named to 8 bits, with weights of 8 bits to match.
    case quantized([String: QuantizedInput])

    /// Shares of a range that are tried: rare outliers need not make all steps coarse.
    static let shares: [Float] = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4]

    /// How the product at a path reads its activations, where they are rounded.
    func input(at path: String) -> QuantizedInput? {
        if case .quantized(let inputs) = self { inputs[path] } else { nil }
    }

    func applied(to x: Value, at path: String) throws -> Value {
        // A single vector, as the class token's, is not worth it.
        guard x.shape.rank == 3 else { return x }
        switch self {
        case .plain: break
        case .observed:
            for (reduction, name) in [(Reduction.minimum, "lowest"), (.maximum, "highest")] {
                x.graph.output(try x.reduced(by: reduction, axes: [0, 1]), "\(path).\(name)")
            }
        case .compared(let inputs):
            guard let input = inputs[path] else { break }
            let balanced = try input.balanced(x)
            let opposite = try balanced.scaled(by: -1)
            let errors = try Self.shares.map { share in
                let range = input.narrowed(to: share).range
                let error = try balanced.fakeQuantized(to: range).adding(opposite)
                return try error.multiplied(by: error).reduced(by: .mean, axes: [0, 1, 2])
            }
            let all = try errors.dropFirst().reduce(errors[0]) {
                try $0.concatenated(with: $1, axis: 2)
            }
            x.graph.output(all, "\(path).errors")
        case .quantized(let inputs):
            guard let input = inputs[path] else { break }
            return try input.balanced(x).fakeQuantized(to: input.range)
        }
        return x
    }
}

extension QuantizedInput {
    fileprivate func balanced(_ x: Value) throws -> Value {
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
