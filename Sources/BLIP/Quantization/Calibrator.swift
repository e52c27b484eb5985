import Foundation
import OpenVINO
import Pictures

/// Runs a model over pictures to learn how its activations are rounded.
struct Calibrator {
    let factory: GraphFactory
    let checkpoint: URL
    let maximumDrop: Double
    let progress: (CalibrationProgress) -> Void

    /// Pictures that candidates are compared on: each costs inferences, and embeddings in memory.
    private static let comparedPictures = 24
    /// Of parts behind the vision model, whose inputs and outputs are large.
    private static let comparedInputs = 4

    /// What a part was run on, and what it is to put out.
    struct Sample {
        let inputs: [String: Tensor]
        /// At f32.
        let expected: [Float]
    }

    func calibration(on pictures: [URL]) throws -> Calibration {
        try require(pictures.count, of: pictures)
        let preprocessing = try PixelPreprocessing(
            folder: checkpoint.isFolder ? checkpoint : checkpoint.deletingLastPathComponent(),
            imageSize: factory.configuration.vision.imageSize)
        let texts = CalibrationTexts(
            tokenizer: try ModelFolder(checkpoint).tokenizer(),
            positions: factory.configuration.text.maximumPositions)
        let chain = try CalibrationChain(factory, inputs: .observed)
        var extremes = Extremes()
        var samples: [ModelPart: [Sample]] = [:]
        var compared: [(pixels: Tensor, texts: [[Int]])] = []
        var count = 0
        let stride = max(1, pictures.count / Self.comparedPictures)
        for picture in pictures {
            try Task.checkCancellation()
            guard let pixels = pixels(of: picture, preprocessing) else { continue }
            let isCompared = count.isMultiple(of: stride) && compared.count < Self.comparedPictures
            let about = texts.texts(forPicture: count)
            if isCompared { compared.append((pixels, about)) }
            try chain.run(on: pixels, about) { part, inputs, outputs in
                try extremes.include(outputs)
                let most = part == .vision ? Self.comparedPictures : Self.comparedInputs
                guard isCompared, samples[part, default: []].count < most,
                    let expected = try outputs[part.judgedOutput(factory)]?.array(of: Float.self)
                else { return }
                samples[part, default: []].append(Sample(inputs: inputs, expected: expected))
            }
            count += 1
            progress(.picture(count))
        }
        try require(count, of: pictures)
        let inputs = try narrowed(extremes.inputs(weightsOf: factory.source), on: compared)
        return try calibration(of: inputs, judgedOn: samples, pictureCount: count)
    }

    /// What is left of the inputs where some cost too much.
    private func calibration(
        of inputs: [String: QuantizedInput], judgedOn samples: [ModelPart: [Sample]],
        pictureCount: Int
    ) throws -> Calibration {
        var (kept, similarity, widened) = ([String: QuantizedInput](), 1.0, [String]())
        for part in ModelPart.allCases {
            guard let samples = samples[part] else { continue }
            let own = inputs.filter { ModelPart.judging(product: $0.key) == part }
            let found = try LayerWidening(
                part: part, factory: factory, samples: samples, progress: progress
            ).narrow(own, maximumDrop: maximumDrop)
            kept.merge(found.inputs) { $1 }
            widened += found.widened
            if part == .vision { similarity = found.similarity }
        }
        return Calibration(
            pictureCount: pictureCount, similarity: similarity, widenedLayers: widened,
            inputs: kept)
    }

    private func require(_ count: Int, of pictures: [URL]) throws(BlipError) {
        let least = BlipConverter.fewestCalibrationPictures
        guard count < least else { return }
        let folder = pictures.first?.deletingLastPathComponent().path ?? "the folder"
        throw BlipError(
            .invalidOption,
            "Calibrating needs \(least) usable pictures or more, and \(folder) has \(count); give "
                + "100 to 300 that are like those that the model will see")
    }

    /// The picture as the model sees it; `nil` for one that says nothing.
    private func pixels(of picture: URL, _ preprocessing: PixelPreprocessing) -> Tensor? {
        do {
            let pixels = try preprocessing.pixelValues(of: Picture(contentsOf: picture))
            let plane = pixels.height * pixels.width
            let isBlank = (0..<3).allSatisfy { channel in
                let values = pixels.values[channel * plane..<(channel + 1) * plane]
                return values.allSatisfy { $0 == values.first }
            }
            guard !isBlank else {
                progress(.skipped(picture, "\(picture.path) is of one colour, and is left out"))
                return nil
            }
            return try Tensor(pixels.values, shape: [1, 3, pixels.height, pixels.width])
        } catch {
            progress(.skipped(picture, "\(error)"))
            return nil
        }
    }

    /// Each input's range, narrowed to the share that rounds with the least error.
    private func narrowed(
        _ inputs: [String: QuantizedInput], on samples: [(pixels: Tensor, texts: [[Int]])]
    ) throws -> [String: QuantizedInput] {
        let chain = try CalibrationChain(factory, inputs: .compared(inputs))
        var errors: [String: [Float]] = [:]
        for sample in samples {
            try Task.checkCancellation()
            try chain.run(on: sample.pixels, sample.texts) { _, _, outputs in
                for path in inputs.keys {
                    guard let found = try outputs["\(path).errors"]?.array(of: Float.self) else {
                        continue
                    }
                    errors[path] = zip(found, errors[path] ?? zeros).map(+)
                }
            }
        }
        return inputs.reduce(into: [:]) { narrowed, entry in
            let (path, input) = entry
            let best = zip(errors[path] ?? [], ProductInputs.shares).min { $0.0 < $1.0 }
            narrowed[path] = input.narrowed(to: best?.1 ?? 1)
        }
    }

    private var zeros: [Float] { ProductInputs.shares.map { _ in 0 } }
}

extension ModelPart {
    /// The part by whose output it is judged whether a product's activations may be rounded.
    static func judging(product path: String) -> ModelPart {
        if path.hasPrefix("vision_model.") { return .vision }
        if path.hasPrefix("text_decoder.") { return .decoderContext }
        let isContext = ["key", "value"].contains { path.hasSuffix("crossattention.self.\($0)") }
        return isContext ? .encoderContext : .textEncoder
    }

    /// That output's name.
    func judgedOutput(_ factory: GraphFactory) -> String {
        switch self {
        case .vision: PortName.imageEmbeddings
        case .encoderContext, .decoderContext:
            PortName.contextValues(factory.configuration.text.layerCount - 1)
        case .textEncoder, .textProjection, .textDecoder: PortName.lastHiddenState
        }
    }
}
