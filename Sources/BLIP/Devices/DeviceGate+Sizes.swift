import Foundation
import OpenVINO

extension DeviceGate {
    /// Compares a graph with the processor's at f32 before it is used.
    ///
    /// The first use of a device runs the whole model, but graphs for other batches, texts and picture sizes are other
    /// programs, of which a device may compute one rightly and another not.
    ///
    /// - Parameters:
    ///   - model: the graph, compiled for the device.
    ///   - sizes: what its shapes are fixed for; `nil` for open ones, of which the first use has checked the model's own.
    ///   - other: the same model for pictures of another size; `nil` for the model itself.
    /// - Throws: `OpenVINOError` where it computes something else, or fails.
    func check(
        _ model: CompiledModel, on device: String, _ part: ModelPart, _ sizes: PartSizes?,
        of other: ModelSource?
    ) throws {
        let present = (try? core.devices()) ?? []
        let isSeen = sizes == nil || sizes == ShapeBuckets.first(part, configuration)
        guard DeviceSelection(device, present: present).devices.contains(where: isChecked),
            other != nil || !isSeen
        else { return }
        let source = other ?? source
        // Its weights are not rounded just to name it: that takes seconds.
        let graph = try source.unrounded.graph(of: part, PassPipeline(sizes: sizes))
        let file = options.cacheDirectory.map {
            VerdictFile(
                in: $0, device: device, model: [graph.contents + source.roundingID],
                options: options, with: core)
        }
        if let known = file?.read(), known.verdict.isUsable { return }
        let agreement = try agreement(of: model, part, other)
        let verdict = DeviceVerdict(agreement)
        guard verdict.isUsable else {
            let batch = sizes.map { "a batch of \($0.batch) and \($0.tokens) tokens" }
            let what = other == nil ? batch ?? "a batch" : "pictures of another size"
            throw OpenVINOError(
                code: .generalError,
                operation: "compute the \(part) for \(what) as the processor does",
                message: "the lowest cosine of its outputs is \(agreement.embeddings)")
        }
        // Where it cannot be written, the next start finds it again. What is wrong is not kept, so that each start
        // looks again.
        try? file?.write(
            .init(
                device: device, verdict: verdict, reason: nil, agreement: agreement, seconds: 0))
    }

    private func agreement(
        of model: CompiledModel, _ part: ModelPart, _ other: ModelSource?
    ) throws -> DeviceAgreement {
        let shapes: [(name: String, shape: [Int])] = model.inputs.map { port in
            (name: port.name, shape: port.shape.dimensions?.map { $0.fixed ?? 1 } ?? [])
        }
        let found = try findings(of: model, shapes)
        // Open shapes: one graph for all sizes.
        let processor = PartCompiler(source, options: options.reference, core: core)
        let expected = try processor.compile(part, of: other)
        return DeviceAgreement(found, try findings(of: expected.model, shapes))
    }

    private func findings(
        of model: CompiledModel, _ shapes: [(name: String, shape: [Int])]
    ) throws -> DeviceFindings {
        let request = try model.makeInferRequest()
        for (name, shape) in shapes {
            let type = model.inputs.first { $0.name == name }?.elementType ?? .f32
            try request.setInput(
                name, Tensor(values(of: name, shape), shape: shape, as: type))
        }
        try request.infer()
        var findings = DeviceFindings()
        for name in model.outputs.map(\.name).sorted() {
            let output = try request.output(name)
            let values = try output.floats()
            if name == PortName.matchLogits {
                findings.matchProbabilities = stride(from: 1, to: values.count, by: 2).map {
                    1 / (1 + exp(values[$0 - 1] - values[$0]))
                }
            } else {
                // A vector a token, as the first use has them; of keys and values one a row.
                let shape = output.shape
                let row = values.count / max(1, shape.first ?? 1)
                findings.vectors.append((name, values, shape.count < 4 ? shape.last ?? 1 : row))
            }
        }
        return findings
    }

    /// What an input is given: drawn pictures, tokens of all kinds, masks that leave something out, and noise as wide as
    /// states, keys and values are.
    private func values(of input: String, _ shape: [Int]) -> [Float] {
        let (count, width) = (shape.reduce(1, *), max(1, shape.last ?? 1))
        switch input {
        case PortName.pixelValues:
            return (0..<(shape.first ?? 0)).flatMap { BuiltInPicture.pixels($0, size: width) }
        case PortName.inputIDs:
            let tokens = max(1, configuration.text.vocabularySize - 10)
            return (0..<count).map { Float(5 + $0 * 1_237 % tokens) }
        case PortName.positionIDs:
            let last = configuration.text.maximumPositions - 1
            return (0..<count).map { Float(min($0 % width, last)) }
        case PortName.selfMask, PortName.contextMask:
            return (0..<count).map { $0 % width < width - width / 4 ? 0 : maskedScore }
        default:
            var noise = input.utf8.reduce(UInt32(7)) { $0 &* 31 &+ UInt32($1) }
            return (0..<count).map { _ in
                noise = noise &* 1_664_525 &+ 1_013_904_223
                return Float(noise >> 8) / Float(1 << 23) - 1
            }
        }
    }
}

extension Tensor {
    /// A tensor of a type that a graph's input may have.
    fileprivate convenience init(_ values: [Float], shape: [Int], as type: ElementType) throws {
        switch type {
        case .i64: try self.init(values.map { Int64($0) }, shape: shape)
        case .bf16: try self.init(values.map { BFloat16($0) }, shape: shape)
        #if !(os(macOS) && arch(x86_64))
            case .f16: try self.init(values.map { Float16($0) }, shape: shape)
        #endif
        default: try self.init(values, shape: shape)
        }
    }

    /// The numbers of a graph's output.
    fileprivate func floats() throws -> [Float] {
        switch elementType {
        case .bf16: return try array(of: BFloat16.self).map { Float($0) }
        #if !(os(macOS) && arch(x86_64))
            case .f16: return try array(of: Float16.self).map { Float($0) }
        #endif
        default: return try array(of: Float.self)
        }
    }
}
