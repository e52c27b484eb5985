internal import BLIP

/// Leaves activations of layers as they are, the most costly first, until what a part puts out is near
/// enough to what it is at f32.
struct LayerWidening {
    let part: ModelPart
    let factory: GraphFactory
    let written: PassPipeline.Rounding
    let samples: [Calibrator.Sample]
    let progress: (CalibrationProgress) -> Void

    struct Outcome {
        let inputs: [String: QuantizedInput]
        /// Mean cosine of the part's output to that at f32.
        let similarity: Double
        let widened: [String]
    }

    /// - Parameter all: the part's own.
    func narrow(_ all: [String: QuantizedInput], maximumDrop: Double) throws -> Outcome {
        var inputs = all
        var widened: [String] = []
        var similarity = try similarity(with: inputs, on: samples[...])
        if 1 - similarity > maximumDrop {
            var costly = try costliest(of: all)[...]
            while 1 - similarity > maximumDrop, let layer = costly.popFirst() {
                inputs = inputs.filter { self.layer(of: $0.key) != layer }
                widened.append(layer)
                progress(.widened(layer: layer))
                similarity = try self.similarity(with: inputs, on: samples[...])
            }
        }
        guard !inputs.isEmpty || part != .vision else {
            throw BlipError(
                .invalidOption,
                "No layer's activations can be rounded to 8 bits within a drop of \(maximumDrop): "
                    + "the cosine to f32 would be \(similarity); allow more, or convert without "
                    + "8-bit activations")
        }
        return Outcome(inputs: inputs, similarity: similarity, widened: widened)
    }

    /// The layers by what leaving each alone as it is gains.
    private func costliest(of inputs: [String: QuantizedInput]) throws -> [String] {
        let few = samples.prefix(6)
        let layers = Set(inputs.keys.map(layer)).sorted()
        let similarities = try layers.map { layer in
            try similarity(with: inputs.filter { self.layer(of: $0.key) != layer }, on: few)
        }
        return zip(layers, similarities).sorted { $0.1 > $1.1 }.map(\.0)
    }

    /// `vision_model.encoder.layers.3.mlp.fc1` is of the layer `vision_model.encoder.layers.3`. Parts
    /// for text are kept or left as a whole: they cost little, and save little.
    private func layer(of path: String) -> String {
        guard part == .vision else { return part.rawValue }
        return path.split(separator: ".").dropLast(2).joined(separator: ".")
    }

    /// The mean cosine between each vector of the judged output with and without rounding.
    private func similarity(
        with inputs: [String: QuantizedInput], on samples: ArraySlice<Calibrator.Sample>
    ) throws -> Double {
        var rounding = written
        rounding.activations = inputs
        let probe = try PartProbe(part, writing: factory, rounding)
        var (sum, count) = (0.0, 0)
        for sample in samples {
            try Task.checkCancellation()
            let name = part.judgedOutput(factory)
            guard let output = try probe.outputs(of: sample.inputs)[name],
                let width = output.shape.last, width > 0
            else { continue }
            let found = try output.array(of: Float.self)
            let expected = try sample.expected.array(of: Float.self)
            for start in stride(from: 0, to: min(found.count, expected.count), by: width) {
                sum += cosine(found[start..<start + width], expected[start..<start + width])
                count += 1
            }
        }
        return sum / Double(max(count, 1))
    }

    private func cosine(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double {
        var (product, lengthA, lengthB) = (0.0, 0.0, 0.0)
        for (a, b) in zip(a, b) {
            product += Double(a) * Double(b)
            lengthA += Double(a) * Double(a)
            lengthB += Double(b) * Double(b)
        }
        // A vector of zeros is like another, and like nothing else.
        guard lengthA > 0, lengthB > 0 else { return lengthA == lengthB ? 1 : 0 }
        return product / (lengthA * lengthB).squareRoot()
    }
}
