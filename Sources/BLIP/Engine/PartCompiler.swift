import BlipCheckpoint
import Foundation
import ModelGraph
import OpenVINO

/// A part that a device can run.
struct CompiledPart: Sendable {
    let model: CompiledModel
    private let region: WeightRegion
    private let cached: MappedFile?

    /// - Parameter cachedFile: where a model for the processor is kept, or was found.
    init(_ model: CompiledModel, region: WeightRegion, cachedFile: URL?) {
        self.model = model
        self.region = region
        cached = model.isFromCache == true ? cachedFile.flatMap(MappedFile.init) : nil
    }

    /// Lets go of the weights' pages in memory; one that is touched again is read again.
    func releasePages() {
        region.releasePages()
        cached?.releasePages()
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
    private let device: DeviceSelection
    let precision: PrecisionChoice
    /// Threads of an inference; `nil` for as many as the device likes.
    private let threads: Int?
    /// The device, where it is another than the processor.
    var accelerator: String? { device.isProcessor ? nil : device.name }
    /// Whether graphs are made for the sizes of requests.
    let fixesShapes: Bool

    init(_ source: ModelSource, options: RuntimeOptions, core: Core) {
        self.core = core
        self.source = source
        self.options = options
        device = DeviceSelection(options.device, present: (try? core.devices()) ?? [])
        // OpenVINO counts processors, not what control groups leave of their time.
        let machine = MachineResources.current
        let limit = device.isProcessor && machine.isLimited ? machine.processors : nil
        threads = options.threads ?? limit
        fixesShapes = options.shapes.map { $0 == .fixed } ?? device.wantsFixedShapes
        // A stand-in for the processor does not hand on what switches its fused attention off (see below).
        let wantsF32 = fixesShapes && device.isVirtual && device.mayUseProcessor
        precision = PrecisionChoice(
            wantsF32 ? .f32 : options.precision,
            defaults: device.devices.map { Self.precision(of: $0, core) },
            hasIntegerWeights: source.quantizationGroup != nil,
            processor: device.isProcessor ? .current : nil)
        if wantsF32, options.precision != .automatic, options.precision != .f32 {
            BlipLog.notice(
                "\(device.name) computes at f32 where shapes are fixed: behind it the processor would give wrong "
                    + "numbers at \(options.precision.rawValue).")
        }
        if options.precision == .bf16, device.isProcessor,
            let warning = PrecisionChoice.warning(
                of: options.precision, capabilities: (try? core.capabilities(of: "CPU")) ?? [])
        {
            BlipLog.notice(warning)
        }
    }

    /// The type that a device computes in if nothing is asked for; `nil` where it does not tell.
    private static func precision(of device: String, _ core: Core) -> ElementType? {
        switch try? core.property("INFERENCE_PRECISION_HINT", on: device) {
        case "bf16": .bf16
        case "f16": .f16
        case "f32": .f32
        default: nil
        }
    }

    /// - Parameters:
    ///   - sizes: what shapes are fixed for; `nil` for open ones.
    ///   - other: the same model for pictures of another size; `nil` for the model itself.
    ///   - hiddenStates: layers whose states the graph puts out too; such a graph is kept in no cache, since it
    ///     serves measurements only.
    func compile(
        _ part: ModelPart, _ sizes: PartSizes? = nil, of other: ModelSource? = nil,
        hiddenStates: Int = 0
    ) throws -> CompiledPart {
        let source = other ?? source
        try device.check()
        var passes = PassPipeline(
            hiddenStates: hiddenStates, marksLanguageModel: keepsHalfWeights(part),
            portType: precision.stateType.scalarType, sizes: sizes)
        passes.ranges = options.observesMagnitudes ? .magnitudes : nil
        passes.roundsToHalf = options.roundsToHalf
        passes.fault = options.fault.flatMap {
            $0.isIn(part, sizes, ofOtherPictures: other != nil) ? $0.scale : nil
        }
        let properties = properties(of: part)
        let unrounded = try source.unrounded.graph(of: part, passes)
        let rounded = { try source.rounds ? source.graph(of: part, passes) : unrounded }
        let compile = { (graph: PartGraph, kept: [Property], file: URL?) in
            CompiledPart(
                try core.compile(
                    graph.model(with: core), for: device.name, properties: properties + kept),
                region: graph.region, cachedFile: device.isProcessor ? file : nil)
        }
        // What a cache keeps of a marked graph has lost the mark: it would be as wide as without.
        guard hiddenStates == 0, !passes.marksLanguageModel, let folder = options.cacheDirectory
        else {
            return try compile(rounded(), [], nil)
        }
        do {
            guard !device.isVirtual, device.name.allSatisfy(\.isLetter) else {
                return try compile(
                    rounded(), [.cacheDirectory(CompiledModelFolder.placeOfOthers(in: folder))], nil
                )
            }
            let id = CompilationID.make(
                unrounded.contents + source.roundingID, for: device.name, properties, with: core)
            let place = CompiledModelFolder.place(of: id, in: folder)
            let file = place.appending(path: "\(id).blob")
            let kept = { [Property.cacheDirectory($0), .cacheBlobID(id)] }
            if FileManager.default.fileExists(atPath: file.path) {
                // All of the model is in the file: what stands for it here need not be rounded again.
                let compiled = try compile(unrounded, kept(place), file)
                let isFound = compiled.model.isFromCache == true
                if isFound { CompiledModelFolder.didUse(file) }
                guard source.rounds, !isFound else { return compiled }
                // A file that cannot be read; OpenVINO has put another in its place.
                try FileManager.default.removeItem(at: file)
            }
            return try CompiledModelFolder.adding(place) { try compile(rounded(), kept($0), nil) }
        } catch {
            // A cache folder that cannot be made or written costs time, but fails nothing; what fails
            // without it too says why.
            return try compile(rounded(), [], nil)
        }
    }

    /// What a device is asked for when it compiles a part.
    func properties(of part: ModelPart) -> [Property] {
        var properties: [Property] = [.performanceHint(.latency)]
        if let type = precision.asked(of: part) { properties.append(.inferencePrecision(type)) }
        guard device.mayUseProcessor else { return properties }
        // BATCH takes no properties for its device.
        guard !device.name.hasPrefix("BATCH") else { return properties + parallelism }
        let own = parallelism + quantization + fusion
        // AUTO and its like hand a device's properties on, but know only their own; GPUs and NPUs refuse one that
        // they do not know, and with it the model.
        return properties + (device.isVirtual && !own.isEmpty ? [.of(device: "CPU", own)] : own)
    }

    /// How many threads, and where. Fewer than there are processors are not tied to any: OpenVINO would take the
    /// first ones, and so would the next program, while the others are idle.
    private var parallelism: [Property] {
        guard let threads else { return [] }
        let leavesSome = threads < MachineResources.current.logicalProcessors
        return [.threads(threads)] + (leavesSome ? [.enableCPUPinning(false)] : [])
    }

    /// OpenVINO 2026.4's fused attention gives NaN for masked products at bf16 where shapes are fixed.
    private var fusion: [Property] {
        fixesShapes && device.isProcessor ? [Property("SNIPPETS_MODE", "DISABLE")] : []
    }

    /// Text graphs have few rows for many weights, which at f32 are half as much to read, and to keep, if
    /// they stay as wide as they are stored.
    private func keepsHalfWeights(_ part: ModelPart) -> Bool {
        precision.isExact && part.readsTexts && device.isProcessor && source.hasHalfWeights
    }

    /// Activations of products with integer weights are quantized as they come, in groups with a
    /// scale each, so that the products are of integers: but not where f32 was asked for, which computes what the
    /// weights say.
    private var quantization: [Property] {
        guard let group = source.quantizationGroup else { return [] }
        return [.dynamicQuantizationGroupSize(precision.isExact ? 0 : group)]
    }
}

extension ElementType {
    /// The graph's name of a type that ports are converted to; `nil` for f32, which they have.
    fileprivate var scalarType: ScalarType? {
        switch self {
        case .bf16: .bf16
        case .f16: .f16
        default: nil
        }
    }
}
