/// Leaves activations of layers as they are, the most costly first, until the image embeddings are
/// near enough to those at f32.
struct LayerWidening {
    let factory: GraphFactory
    let samples: [Calibrator.Sample]
    let progress: (CalibrationProgress) -> Void

    func calibration(
        of all: [String: QuantizedInput], pictureCount: Int, maximumDrop: Double
    ) throws -> Calibration {
        var inputs = all
        var widened: [String] = []
        var similarity = try similarity(with: inputs, on: samples[...])
        if 1 - similarity > maximumDrop {
            var costly = try costliest(of: all)[...]
            while 1 - similarity > maximumDrop, let layer = costly.popFirst() {
                inputs = inputs.filter { Self.layer(of: $0.key) != layer }
                widened.append(layer)
                progress(.widened(layer: layer))
                similarity = try self.similarity(with: inputs, on: samples[...])
            }
        }
        guard !inputs.isEmpty else {
            throw BlipError(
                .invalidOption,
                "No layer's activations can be rounded to 8 bits within a drop of \(maximumDrop): "
                    + "the cosine to f32 would be \(similarity); allow more, or convert without "
                    + "8-bit activations")
        }
        return Calibration(
            pictureCount: pictureCount, similarity: similarity, widenedLayers: widened,
            inputs: inputs)
    }

    /// The layers by what leaving each alone as it is gains.
    private func costliest(of inputs: [String: QuantizedInput]) throws -> [String] {
        let few = samples.prefix(6)
        let layers = Set(inputs.keys.map(Self.layer)).sorted()
        let similarities = try layers.map { layer in
            try similarity(with: inputs.filter { Self.layer(of: $0.key) != layer }, on: few)
        }
        return zip(layers, similarities).sorted { $0.1 > $1.1 }.map(\.0)
    }

    /// `vision_model.encoder.layers.3.mlp.fc1` is of the layer `vision_model.encoder.layers.3`.
    private static func layer(of path: String) -> String {
        path.split(separator: ".").dropLast(2).joined(separator: ".")
    }

    /// The mean cosine between each token's embeddings with and without rounding.
    private func similarity(
        with inputs: [String: QuantizedInput], on samples: ArraySlice<Calibrator.Sample>
    ) throws -> Double {
        let model = try VisionProbe(writing: factory, inputs: inputs)
        let width = factory.configuration.vision.hiddenSize
        var (sum, count) = (0.0, 0)
        for sample in samples {
            try Task.checkCancellation()
            let found = try model.outputs(of: sample.pixels)[PortName.imageEmbeddings] ?? []
            for start in stride(from: 0, to: min(found.count, sample.embeddings.count), by: width) {
                sum += cosine(
                    found[start..<start + width], sample.embeddings[start..<start + width])
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
        return product / (lengthA * lengthB).squareRoot()
    }
}
