import Foundation
import OpenVINO

/// Runs a model's parts over the built-in pictures and texts: one at a time, as a request would, and in a batch.
struct DeviceProbe {
    private let parts: CompiledParts
    private let configuration: BlipConfiguration
    /// Given each request that has run.
    var observe: ((ModelPart, InferRequest) throws -> Void)?
    private static let steps = 8

    init(
        _ source: ModelSource, available: Set<ModelPart>, configuration: BlipConfiguration,
        options: RuntimeOptions
    ) throws {
        parts = try CompiledParts(source, available: available, options: options)
        self.configuration = configuration
    }

    /// - Parameter reference: whose texts the decoder is led along, so that one token that differs does not make
    ///   all that follow differ; `nil` for its own.
    func run(following reference: DeviceFindings? = nil) -> DeviceFindings {
        let size = configuration.vision.imageSize
        let pictures = (0..<BuiltInPicture.count).map { BuiltInPicture.pixels($0, size: size) }
        return run(over: pictures, following: reference)
    }

    /// - Parameter pictures: as the vision model's input has them.
    func run(
        over pictures: [[Float]], following reference: DeviceFindings? = nil
    ) -> DeviceFindings {
        var findings = DeviceFindings()
        for part in ModelPart.allCases where parts.available.contains(part) {
            let start = ContinuousClock.now
            let result = Result { try parts.model(part, ShapeBuckets.first(part, configuration)) }
            findings.parts.append(
                .init(
                    part: part, duration: ContinuousClock.now - start,
                    error: result.failure.map { "\($0)" }))
        }
        guard findings.failure == nil else { return findings }
        do {
            for (index, pixels) in pictures.enumerated() {
                let states = try encode(pixels, &findings)
                try read(states, &findings)
                try write(states, following: reference?.followed[at: index], &findings)
            }
            if pictures.count > 1 { try runTogether(pictures, &findings) }
        } catch {
            findings.error = "\(error)"
        }
        return findings
    }

    private func encode(
        _ pixels: [Float], _ findings: inout DeviceFindings
    ) throws -> Tensor {
        let (size, sizes) = (configuration.vision.imageSize, PartSizes())
        let request = try parts.request(.vision, sizes)
        try request.setInput(PortName.pixelValues, Tensor(pixels, shape: [1, 3, size, size]))
        let start = ContinuousClock.now
        try parts.infer(.vision, sizes, request.infer)
        findings.vision = ContinuousClock.now - start
        try observe?(.vision, request)
        let states = try request.output(PortName.imageEmbeddings).copy()
        try findings.add("image embeddings", states)
        return states
    }

    /// The text encoder with the picture, and the text's vector.
    private func read(_ states: Tensor, _ findings: inout DeviceFindings) throws {
        let text = configuration.text
        let count = min(8, text.maximumPositions)
        var tokens = (0..<count).map { 5 + $0 * 1_237 % max(1, text.vocabularySize - 10) }
        tokens[0] = text.beginTokenID
        if parts.available.contains(.textEncoder) {
            let context = try context(.encoderContext, of: states)
            var sizes = sizes(count)
            sizes.context = context.width
            let request = try parts.request(.textEncoder, sizes)
            try context.bind(to: request)
            try request.bindTexts([tokens], sizes, pad: text.padTokenID)
            try parts.infer(.textEncoder, sizes, request.infer)
            try observe?(.textEncoder, request)
            // What stands behind the text is padding.
            try findings.add(
                "text states", request.output(PortName.lastHiddenState), tokens: count)
            if request.compiledModel.outputs.contains(where: { $0.name == PortName.matchLogits }) {
                let logits = try request.output(PortName.matchLogits).array(of: Float.self)
                guard logits.count == 2 else { return }
                findings.matchProbabilities.append(1 / (1 + exp(logits[0] - logits[1])))
            }
        }
        if parts.available.contains(.textProjection) {
            let sizes = sizes(count)
            let request = try parts.request(.textProjection, sizes)
            try request.bindTexts([tokens], sizes, pad: text.padTokenID)
            try parts.infer(.textProjection, sizes, request.infer)
            try observe?(.textProjection, request)
            try findings.add("text vector", request.output(PortName.textProjection))
        }
    }

    /// The likeliest tokens behind a text that grows.
    private func write(
        _ states: Tensor, following text: [Int]?, _ findings: inout DeviceFindings
    ) throws {
        guard parts.available.contains(.textDecoder) else { return }
        var decoder = decoder(attendingTo: try context(.decoderContext, of: states))
        var followed = [configuration.text.beginTokenID]
        var likeliest: [Int] = []
        var duration = Duration.zero
        for step in 0..<Self.steps {
            let start = ContinuousClock.now
            let logits = try decoder.logits(appending: [[followed[step]]])[0]
            if step > 0 { duration += ContinuousClock.now - start }
            let next = likeliestToken(logits)
            likeliest.append(next)
            followed.append(text?[at: step + 1] ?? max(0, next))
        }
        findings.token = duration / (Self.steps - 1)
        findings.tokens.append(likeliest)
        findings.followed.append(followed)
    }

    /// The pictures in one batch, as a folder's run, and their texts along those that were followed: graphs for other
    /// batches are other programs, of which a device may compute one rightly and another not.
    private func runTogether(_ pictures: [[Float]], _ findings: inout DeviceFindings) throws {
        let (size, sizes) = (configuration.vision.imageSize, PartSizes(batch: pictures.count))
        let request = try parts.request(.vision, sizes)
        let pixels = try Tensor(
            pictures.flatMap(\.self), shape: [pictures.count, 3, size, size])
        try request.setInput(PortName.pixelValues, pixels)
        try parts.infer(.vision, sizes, request.infer)
        let states = try request.output(PortName.imageEmbeddings).copy()
        try findings.add("image embeddings of a batch", states)
        guard parts.available.contains(.textDecoder) else { return }
        var decoder = decoder(attendingTo: try context(.decoderContext, of: states))
        let followed = findings.followed
        var likeliest = [[Int]](repeating: [], count: followed.count)
        for step in 0..<Self.steps {
            let logits = try decoder.logits(appending: followed.map { [$0[step]] })
            for (row, logits) in logits.enumerated() {
                likeliest[row].append(likeliestToken(logits))
            }
        }
        findings.tokens += likeliest
    }

    private func decoder(attendingTo context: CrossAttentionContext) -> TextDecoder {
        TextDecoder(
            context: context, stateType: parts.stateType, fixesShapes: parts.fixesShapes,
            configuration: configuration.text
        ) { [parts] in
            try parts.model(.textDecoder, $0).makeInferRequest()
        } infer: { [parts, observe] sizes, request in
            try parts.infer(.textDecoder, sizes, request.infer)
            try observe?(.textDecoder, request)
        }
    }

    /// Where nothing is a number, none is likeliest.
    private func likeliestToken(_ logits: [Float]) -> Int {
        logits.contains(where: \.isNaN) ? -1 : greatestIndex(logits)
    }

    private func context(_ part: ModelPart, of states: Tensor) throws -> CrossAttentionContext {
        let sizes = PartSizes(
            batch: states.shape.first ?? 1, context: states.shape.dropFirst().first ?? 0)
        let model = try parts.model(part, sizes)
        if let observe {
            let request = try model.makeInferRequest()
            try request.setInput(PortName.states, states)
            try request.infer()
            try observe(part, request)
        }
        return try parts.infer(part, sizes) {
            try CrossAttentionContext(
                of: states, with: model, layerCount: configuration.text.layerCount)
        }
    }

    private func sizes(_ tokens: Int) -> PartSizes {
        guard parts.fixesShapes else { return PartSizes(tokens: tokens) }
        let limit = configuration.text.maximumPositions
        return PartSizes(tokens: ShapeBuckets.textTokens(tokens, limit: limit))
    }
}

extension DeviceFindings {
    /// - Parameter tokens: those of the first row that count; `nil` for all.
    fileprivate mutating func add(_ name: String, _ tensor: Tensor, tokens: Int? = nil) throws {
        let width = tensor.shape.last ?? 0
        let values = try tensor.array(of: Float.self)
        vectors.append((name, tokens.map { Array(values.prefix($0 * width)) } ?? values, width))
    }
}

extension Result {
    fileprivate var failure: Failure? { if case .failure(let error) = self { error } else { nil } }
}

extension Array {
    fileprivate subscript(at index: Int) -> Element? {
        indices.contains(index) ? self[index] : nil
    }
}
