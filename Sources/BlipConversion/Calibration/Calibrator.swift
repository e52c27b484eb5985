internal import BLIP
import Foundation
import OpenVINO
import BlipPictures

/// Runs a model over pictures to learn how its activations are rounded.
struct Calibrator {
    let factory: GraphFactory
    /// How graphs that are written are rounded, activations aside.
    let written: PassPipeline.Rounding
    let files: CheckpointFiles
    /// Whether pictures are of another size than the files say.
    let isSized: Bool
    let maximumDrop: Double
    let progress: (CalibrationProgress) -> Void

    /// The most pictures that candidates are compared on, and that parts behind the vision model see: each
    /// costs inferences, and embeddings in memory.
    private static let comparedPictures = 20
    /// Inputs that parts behind the vision model are judged on; their outputs are large.
    private static let judgedInputs = 6
    /// Texts that the text encoder is judged on, all about one picture, whose keys and values (42 MB for a
    /// model of base size) are kept for that.
    private static let judgedTexts = 12

    /// What a part was run on, and what it is to put out.
    struct Sample {
        let inputs: [String: Tensor]
        /// At f32.
        let expected: Tensor
    }

    /// What parts behind the vision model are judged on.
    private struct Samples {
        private(set) var parts: [ModelPart: [Sample]] = [:]
        /// Copies of the first picture's keys and values: the originals would keep their part alive.
        private var context: [String: Tensor]?

        mutating func add(
            _ part: ModelPart, _ inputs: [String: Tensor], _ output: Tensor?
        ) throws {
            let isText = part == .textEncoder
            let most = isText ? judgedTexts : judgedInputs
            guard parts[part, default: []].count < most, let expected = try output?.copy() else {
                return
            }
            if isText, context == nil {
                context = try inputs.filter { $0.key.hasPrefix("cross_") }
                    .mapValues { try $0.copy() }
            }
            let kept = isText ? inputs.merging(context ?? [:]) { $1 } : inputs
            parts[part, default: []].append(Sample(inputs: kept, expected: expected))
        }
    }

    /// A picture that stands for others.
    private struct Representative {
        let number: Int
        let sample: Sample
    }

    func calibration(on pictures: [URL]) throws -> Calibration {
        try require(pictures.count, of: pictures)
        let preprocessing = try files.preprocessing(
            imageSize: factory.configuration.vision.imageSize, isSized: isSized)
        let texts = CalibrationTexts(
            tokenizer: try files.makeTokenizer(for: factory.configuration),
            positions: factory.configuration.text.maximumPositions)
        var waiting = pictures[...]
        var count = 0
        let next: () throws -> Tensor? = {
            while let picture = waiting.popFirst() {
                try Task.checkCancellation()
                guard let pixels = pixels(of: picture, preprocessing) else { continue }
                count += 1
                progress(.picture(count))
                return pixels
            }
            return nil
        }
        // Every so manyth, by how many there turn out to be.
        var representatives: [Representative] = []
        var step = 1
        let vision = try rounding(of: [.vision]) { chain, onRun in
            try chain.runVision(next) { part, inputs, outputs in
                try onRun(part, inputs, outputs)
                let number = count - 1
                guard number.isMultiple(of: step),
                    let embeddings = try outputs[PortName.imageEmbeddings]?.copy()
                else { return }
                representatives.append(
                    .init(number: number, sample: .init(inputs: inputs, expected: embeddings)))
                guard representatives.count > Self.comparedPictures else { return }
                step *= 2
                representatives.removeAll { !$0.number.isMultiple(of: step) }
            }
            try require(count, of: pictures)
        } comparing: { chain, onRun in
            var waiting = representatives[...]
            try chain.runVision(
                { waiting.popFirst()?.sample.inputs[PortName.pixelValues] }, onRun: onRun)
        } samples: {
            [.vision: representatives.map(\.sample)]
        }
        // Two texts for each picture that it stands for; of the first, as many as are judged.
        let each = max(step, Self.judgedTexts / 2)
        let textInputs = representatives.map { representative in
            CalibrationChain.Input(
                embeddings: representative.sample.expected,
                texts: (representative.number..<representative.number + each).flatMap(texts.texts))
        }
        representatives = []
        let behind = ModelPart.allCases.filter { $0 != .vision }
        var samples = Samples()
        let others = try rounding(of: behind) { chain, onRun in
            try chain.runTextParts(textInputs) { part, inputs, outputs in
                try onRun(part, inputs, outputs)
                try samples.add(part, inputs, outputs[part.judgedOutput(factory)])
            }
        } comparing: { chain, onRun in
            let few = textInputs.enumerated().map { index, input in
                CalibrationChain.Input(
                    embeddings: input.embeddings, texts: texts.texts(forPicture: index))
            }
            try chain.runTextParts(few, onRun: onRun)
        } samples: {
            samples.parts
        }
        let rounded = vision.merging(others) { vision, _ in vision }
        let inOrder = ModelPart.allCases.compactMap { rounded[$0] }
        return Calibration(
            pictureCount: count, similarity: vision[.vision]?.similarity ?? 1,
            widenedLayers: inOrder.flatMap(\.widened),
            inputs: inOrder.reduce(into: [:]) { $0.merge($1.inputs) { $1 } })
    }

    private typealias Run = (CalibrationChain, CalibrationChain.RunHandler) throws -> Void

    /// How what some parts' products read is rounded: what they read is observed, then shares of its range
    /// compared, then layers left out that cost too much.
    private func rounding(
        of parts: [ModelPart], observing: Run, comparing: Run,
        samples: () -> [ModelPart: [Sample]]
    ) throws -> [ModelPart: LayerWidening.Outcome] {
        var extremes = Extremes()
        try observing(CalibrationChain(factory: factory, ranges: .observed)) { _, _, outputs in
            try extremes.include(outputs)
        }
        let found = try extremes.inputs(weightsOf: factory.source)
        factory.region.releasePages()
        let inputs = try narrowed(found, comparing)
        let samples = samples()
        return try parts.reduce(into: [:]) { rounded, part in
            guard let samples = samples[part] else { return }
            rounded[part] = try LayerWidening(
                part: part, factory: factory, written: written, samples: samples,
                progress: progress
            ).narrow(
                inputs.filter { ModelPart.judging(product: $0.key) == part },
                maximumDrop: maximumDrop)
        }
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
        _ inputs: [String: QuantizedInput], _ comparing: Run
    ) throws -> [String: QuantizedInput] {
        // One product stands for those that read the same, such as queries, keys and values.
        let groups = Dictionary(grouping: inputs.keys.sorted()) { inputs[$0] }
        let chosen = groups.reduce(into: [String: QuantizedInput]()) { chosen, group in
            if let path = group.value.first { chosen[path] = group.key }
        }
        var errors: [String: [Float]] = [:]
        try comparing(CalibrationChain(factory: factory, ranges: .compared(chosen))) {
            _, _, outputs in
            for path in chosen.keys {
                guard let found = try outputs[CompareRanges.errors(path)]?.array(of: Float.self)
                else {
                    continue
                }
                errors[path] = zip(found, errors[path] ?? zeros).map(+)
            }
        }
        return groups.reduce(into: [:]) { narrowed, group in
            let best = zip(errors[group.value.first ?? ""] ?? [], CompareRanges.shares)
                .min { $0.0 < $1.0 }
            for path in group.value { narrowed[path] = group.key?.narrowed(to: best?.1 ?? 1) }
        }
    }

    private var zeros: [Float] { CompareRanges.shares.map { _ in 0 } }
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
