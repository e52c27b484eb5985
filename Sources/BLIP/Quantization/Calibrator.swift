import Foundation
import OpenVINO
import Pictures

/// Runs a model over pictures to learn how its activations are rounded.
struct Calibrator {
    let factory: GraphFactory
    let checkpoint: URL
    let maximumDrop: Double
    let progress: (CalibrationProgress) -> Void

    /// Pictures that candidates are compared on, and that parts for text see: each costs inferences,
    /// and embeddings in memory.
    private static let comparedPictures = 20
    /// Those whose keys and values, 42 MB each for a model of base size, are kept to compare on.
    private static let comparedContexts = 1
    /// Texts about each of them.
    private static let textsAPicture = 12

    /// What a part was run on, and what it is to put out.
    struct Sample {
        let inputs: [String: Tensor]
        /// At f32.
        let expected: Tensor
    }

    /// What parts are judged on.
    private struct Samples {
        var parts: [ModelPart: [Sample]] = [:]
        private var texts: [ObjectIdentifier: Int] = [:]

        /// A few texts about each of few pictures, and little of all else, since inputs and outputs are
        /// large.
        mutating func takes(_ part: ModelPart, _ inputs: [String: Tensor]) -> Bool {
            guard let context = inputs[PortName.contextKeys(0)].map(ObjectIdentifier.init) else {
                return parts[part, default: []].count < comparedPictures / 3
            }
            guard texts[context] != nil || texts.count < comparedContexts else { return false }
            texts[context, default: 0] += 1
            return texts[context, default: 0] <= textsAPicture
        }
    }

    func calibration(on pictures: [URL]) throws -> Calibration {
        try require(pictures.count, of: pictures)
        let preprocessing = try PixelPreprocessing(
            folder: checkpoint.isFolder ? checkpoint : checkpoint.deletingLastPathComponent(),
            imageSize: factory.configuration.vision.imageSize)
        let texts = CalibrationTexts(
            tokenizer: try ModelFolder(checkpoint).tokenizer(),
            positions: factory.configuration.text.maximumPositions)
        var waiting = pictures[...]
        var count = 0
        let stride = max(1, pictures.count / Self.comparedPictures)
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
        var subjects: [CalibrationChain.Subject] = []
        var seen: [Sample] = []
        let vision = try rounding(of: [.vision]) { chain, look in
            try chain.see(next) { part, inputs, outputs in
                try look(part, inputs, outputs)
                let first = count - 1
                guard first.isMultiple(of: stride), subjects.count < Self.comparedPictures,
                    let embeddings = try outputs[PortName.imageEmbeddings]?.copy()
                else { return }
                seen.append(Sample(inputs: inputs, expected: embeddings))
                // It stands for the pictures up to the next such one.
                let about = (first..<first + stride).flatMap(texts.texts)
                subjects.append(.init(embeddings: embeddings, texts: about))
            }
            try require(count, of: pictures)
        } comparing: { chain, look in
            var waiting = seen[...]
            try chain.see({ waiting.popFirst()?.inputs[PortName.pixelValues] }, look: look)
        } samples: {
            [.vision: seen]
        }
        seen = []
        let behind = ModelPart.allCases.filter { $0 != .vision }
        var samples = Samples()
        let others = try rounding(of: behind) { chain, look in
            try chain.read(subjects) { part, inputs, outputs in
                try look(part, inputs, outputs)
                guard samples.takes(part, inputs),
                    let expected = try outputs[part.judgedOutput(factory)]?.copy()
                else { return }
                samples.parts[part, default: []].append(Sample(inputs: inputs, expected: expected))
            }
        } comparing: { chain, look in
            let few = subjects.map {
                CalibrationChain.Subject(
                    embeddings: $0.embeddings, texts: Array($0.texts.prefix(2)))
            }
            try chain.read(few, look: look)
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

    private typealias Run = (CalibrationChain, CalibrationChain.Look) throws -> Void

    /// How what some parts' products read is rounded: what they read is observed, then shares of its range
    /// compared, then layers left out that cost too much.
    private func rounding(
        of parts: [ModelPart], observing: Run, comparing: Run,
        samples: () -> [ModelPart: [Sample]]
    ) throws -> [ModelPart: LayerWidening.Found] {
        var extremes = Extremes()
        try observing(CalibrationChain(factory: factory, inputs: .observed)) { _, _, outputs in
            try extremes.include(outputs)
        }
        let found = try extremes.inputs(weightsOf: factory.source)
        factory.source.checkpoint.region.releasePages()
        let inputs = try narrowed(found, comparing)
        let samples = samples()
        return try parts.reduce(into: [:]) { rounded, part in
            guard let samples = samples[part] else { return }
            rounded[part] = try LayerWidening(
                part: part, factory: factory, samples: samples, progress: progress
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
        try comparing(CalibrationChain(factory: factory, inputs: .compared(chosen))) {
            _, _, outputs in
            try Task.checkCancellation()
            for path in chosen.keys {
                guard let found = try outputs["\(path).errors"]?.array(of: Float.self) else {
                    continue
                }
                errors[path] = zip(found, errors[path] ?? zeros).map(+)
            }
        }
        return groups.reduce(into: [:]) { narrowed, group in
            let best = zip(errors[group.value.first ?? ""] ?? [], ProductInputs.shares)
                .min { $0.0 < $1.0 }
            for path in group.value { narrowed[path] = group.key?.narrowed(to: best?.1 ?? 1) }
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
