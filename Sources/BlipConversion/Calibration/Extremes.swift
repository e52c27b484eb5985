internal import BLIP
import OpenVINO

/// The least and greatest activation of each channel, over pictures, of each product's input.
struct Extremes {
    private var lowest: [String: [Float]] = [:]
    private var highest: [String: [Float]] = [:]

    /// - Parameter outputs: of a graph whose ranges are observed.
    mutating func include(_ outputs: [String: Tensor]) throws {
        for (name, tensor) in outputs {
            if let product = ObserveRanges.product(ofLowest: name) {
                let values = try tensor.array(of: Float.self)
                lowest.merge([product: values]) { zip($0, $1).map(min) }
            } else if let product = ObserveRanges.product(ofHighest: name) {
                let values = try tensor.array(of: Float.self)
                highest.merge([product: values]) { zip($0, $1).map(max) }
            }
        }
    }

    /// How each product's input is rounded. Products that read the same activations found the same
    /// extremes; they have one input, balanced with the weights of all of them.
    func inputs(weightsOf source: TensorSource) throws -> [String: QuantizedInput] {
        let groups = Dictionary(grouping: lowest.keys) { [lowest[$0] ?? [], highest[$0] ?? []] }
        return try groups.reduce(into: [:]) { inputs, group in
            let (least, most) = (group.key[0], group.key[1])
            guard !least.isEmpty else { return }
            var largest = [Float](repeating: 0, count: least.count)
            for path in group.value {
                guard let tensor = source.entry("\(path).weight") else { continue }
                for (index, weight) in try source.checkpoint.floats(of: tensor).enumerated() {
                    let column = index % largest.count
                    largest[column] = max(largest[column], weight.magnitude)
                }
            }
            let input = QuantizedInput(lowest: least, highest: most, weights: largest)
            for path in group.value { inputs[path] = input }
        }
    }
}
