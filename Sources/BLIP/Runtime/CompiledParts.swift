import OpenVINO

/// A model's parts, each compiled when it is first needed.
///
/// Not `Sendable`: one actor owns it.
final class CompiledParts {
    private let core: Core
    private let source: ModelSource
    private let options: RuntimeOptions
    private(set) var compiled: [ModelPart: CompiledModel] = [:]
    private var layerwise: CompiledModel?
    private var requests: [ModelPart: InferRequest] = [:]
    let available: Set<ModelPart>

    init(_ source: ModelSource, available: Set<ModelPart>, options: RuntimeOptions) throws {
        core = try Core.shared
        self.source = source
        self.available = available
        self.options = options
    }

    /// The part, compiled.
    func model(_ part: ModelPart) throws -> CompiledModel {
        if let model = compiled[part] { return model }
        let read = try source.read(part, with: core)
        try narrowPorts(of: read)
        let model = try compile(read, part)
        compiled[part] = model
        return model
    }

    /// The vision model with its layers' states as outputs too; in no cache, since it serves
    /// measurements only.
    func layerwiseVision(layerCount: Int) throws -> CompiledModel {
        if let model = layerwise { return model }
        let read = try source.read(
            .vision, with: core, adding: LayerOutputs(layerCount: layerCount))
        let model = try compile(read, .vision, isKept: false)
        layerwise = model
        return model
    }

    private func compile(_ read: Model, _ part: ModelPart, isKept: Bool = true) throws
        -> CompiledModel
    {
        var properties = properties + quantization(of: part)
        if isKept, let folder = options.cacheDirectory {
            properties.append(.cacheDirectory(folder))
        }
        let model = try core.compile(read, for: options.device, properties: properties)
        source.releasePages()
        ProcessMemory.releaseFreed()
        return model
    }

    /// A request of the part that every call shares; whoever calls owns its outputs only until
    /// the next call.
    func request(_ part: ModelPart) throws -> InferRequest {
        if let request = requests[part] { return request }
        let request = try model(part).makeInferRequest()
        requests[part] = request
        return request
    }

    private var properties: [Property] {
        var properties: [Property] = [.performanceHint(.latency)]
        switch options.precision {
        case .automatic: break
        case .f32: properties.append(.inferencePrecision(.f32))
        case .f16: properties.append(.inferencePrecision(.f16))
        case .bf16: properties.append(.inferencePrecision(.bf16))
        }
        if let threads = options.threads { properties.append(.threads(threads)) }
        return properties
    }

    /// Activations of products with integer weights are quantized as they come, a scale a token,
    /// so that the products are of integers: but not at f32, which computes what the weights say,
    /// and not in the decoder, whose few tokens only wait for weights.
    private func quantization(of part: ModelPart) -> [Property] {
        guard source.hasIntegerWeights else { return [] }
        let isExact = stateType == .f32 || part == .textDecoder
        let property = Property.dynamicQuantizationGroupSize(isExact ? 0 : 768)
        let names = options.device.split { ":,".contains($0) }
        switch names.first {
        case "CPU": return [property]
        // These hand a device's properties on, but know only their own.
        case "AUTO", "HETERO", "MULTI":
            let mayUseProcessor = names.count == 1 || names.contains("CPU")
            return mayUseProcessor ? [.of(device: "CPU", [property])] : []
        default: return []
        }
    }

    /// The type in which keys and values pass from graph to graph: that of the products, so that
    /// nothing is widened and narrowed again in every step.
    private(set) lazy var stateType: ElementType = {
        switch options.precision {
        case .f32: return .f32
        case .f16: return .f16
        case .bf16: return .bf16
        case .automatic:
            let name = try? core.property("INFERENCE_PRECISION_HINT", on: options.device)
            return switch name {
            case "bf16": .bf16
            case "f16": .f16
            default: .f32
            }
        }
    }()

    private func narrowPorts(of model: Model) throws {
        guard stateType != .f32 else { return }
        let isState = { (port: Port) in
            ["cross_", "past_", "new_"].contains { port.name.hasPrefix($0) }
        }
        let types = { (ports: [Port]) in
            Dictionary(
                ports.filter(isState).map { ($0.name, self.stateType) },
                uniquingKeysWith: { first, _ in first })
        }
        try model.setPortElementTypes(
            inputs: types(try model.inputs), outputs: types(try model.outputs))
    }
}
