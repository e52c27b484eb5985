import Checkpoint
import Foundation
import OpenVINO

/// A part that a device can run.
struct CompiledPart {
    let model: CompiledModel
    private let region: WeightRegion
    private let cachedFile: URL?

    init(_ model: CompiledModel, region: WeightRegion, cachedFile: URL?) {
        self.model = model
        self.region = region
        self.cachedFile = cachedFile
    }

    /// Lets go of the weights' pages, of which the first inference makes its own copy, in the layout
    /// that its kernels read.
    func releasePages() {
        region.releasePages()
        if let cachedFile, model.isFromCache == true { MappedFile.releasePages(of: cachedFile) }
    }
}

extension CompiledModel {
    /// Whether it was found in the cache; `nil` where the device does not tell.
    var isFromCache: Bool? {
        (try? property("LOADED_FROM_CACHE")).map { ["YES", "true", "1"].contains($0) }
    }
}

/// Compiles a model's parts, on any thread.
struct PartCompiler: Sendable {
    private let core: Core
    private let source: ModelSource
    private let options: RuntimeOptions
    private let device: String
    /// The type in which keys and values pass from graph to graph: that of the products, so that
    /// nothing is widened and narrowed again in every step.
    let stateType: ElementType

    init(_ source: ModelSource, options: RuntimeOptions, core: Core) {
        self.core = core
        self.source = source
        self.options = options
        // The one device that there is need not be chosen, and compiles under a name of its own.
        let onlyDevice = (try? core.devices()).flatMap { $0.count == 1 ? $0.first : nil }
        device = options.device == "AUTO" ? onlyDevice ?? "AUTO" : options.device
        switch options.precision {
        case .f32: stateType = .f32
        case .f16: stateType = .f16
        case .bf16: stateType = .bf16
        case .automatic:
            let name = try? core.property("INFERENCE_PRECISION_HINT", on: device)
            stateType =
                switch name {
                case "bf16": .bf16
                case "f16": .f16
                default: .f32
                }
        }
    }

    /// - Parameter added: outputs that the graph is given beside its own; such a graph is kept in no
    ///   cache, since it serves measurements only.
    func compile(_ part: ModelPart, adding added: LayerOutputs? = nil) throws -> CompiledPart {
        let files = try source.files(of: part)
        let model = try files.model(with: core, adding: added)
        try narrowPorts(of: model)
        let properties = properties + quantization(of: part)
        let compile = { (kept: [Property], file: URL?) in
            CompiledPart(
                try core.compile(model, for: device, properties: properties + kept),
                region: files.region, cachedFile: file)
        }
        guard added == nil, let folder = options.cacheDirectory else { return try compile([], nil) }
        var kept = [Property.cacheDirectory(folder)]
        var cachedFile: URL?
        if device.allSatisfy(\.isLetter), device != "AUTO" {
            let id = CompilationID.make(
                files.contents(), state: stateType, for: device, properties, with: core)
            kept.append(.cacheBlobID(id))
            cachedFile = folder.appending(path: "\(id).blob")
        }
        do {
            return try compile(kept, cachedFile)
        } catch {
            // A cache folder that cannot be made or written costs time, but fails nothing; what fails
            // without it too says why.
            return try compile([], nil)
        }
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
        guard let group = source.quantizationGroup else { return [] }
        let isExact = stateType == .f32 || part == .textDecoder
        let property = Property.dynamicQuantizationGroupSize(isExact ? 0 : group)
        let names = device.split { ":,".contains($0) }
        switch names.first {
        case "CPU": return [property]
        // These hand a device's properties on, but know only their own.
        case "AUTO", "HETERO", "MULTI":
            let mayUseProcessor = names.count == 1 || names.contains("CPU")
            return mayUseProcessor ? [.of(device: "CPU", [property])] : []
        default: return []
        }
    }

    private func narrowPorts(of model: Model) throws {
        guard stateType != .f32 else { return }
        let isState = { (port: OpenVINO.Port) in
            ["cross_", "past_", "new_"].contains { port.name.hasPrefix($0) }
        }
        let types = { (ports: [OpenVINO.Port]) in
            Dictionary(
                ports.filter(isState).map { ($0.name, self.stateType) },
                uniquingKeysWith: { first, _ in first })
        }
        try model.setPortElementTypes(
            inputs: types(try model.inputs), outputs: types(try model.outputs))
    }
}
