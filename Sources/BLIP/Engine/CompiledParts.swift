import Dispatch
import OpenVINO

/// A model's parts, each compiled when it is first needed.
///
/// Not `Sendable`: one actor owns it.
final class CompiledParts {
    private let source: ModelSource
    private let options: RuntimeOptions
    private let core: Core
    private var parts: [ModelPart: Future<CompiledPart>] = [:]
    private var layerwise: CompiledPart?
    /// Vision models for pictures of other sizes, by the size.
    private var sized: [Int: Future<CompiledPart>] = [:]
    private let sourceSized: @Sendable (Int) throws -> ModelSource
    private var settled: Set<ModelPart> = []
    private var requests: [ModelPart: InferRequest] = [:]
    private let releases = DispatchQueue(label: "blip-release")
    let available: Set<ModelPart>

    // Asks for devices, which opening a model need not wait for.
    private lazy var compiler = PartCompiler(source, options: options, core: core)
    var stateType: ElementType { compiler.stateType }
    var isExact: Bool { compiler.isExact }

    /// - Parameter sourceSized: where the vision model for pictures of another size comes from.
    init(
        _ source: ModelSource, available: Set<ModelPart>, options: RuntimeOptions,
        sourceSized: @escaping @Sendable (Int) throws -> ModelSource
    ) throws {
        self.sourceSized = sourceSized
        core = try Core.shared
        self.source = source
        self.available = available
        self.options = options
    }

    /// Neither compiling nor freeing outlives the model: a program that ends meanwhile would crash.
    deinit {
        for part in Array(parts.values) + Array(sized.values) { part.wait() }
        releases.sync {}
    }

    /// What has been compiled so far.
    var compiled: [ModelPart: CompiledModel] { parts.compactMapValues(\.value?.model) }

    /// Starts to compile several parts at the same time.
    func startCompiling(_ wanted: [ModelPart]) {
        for part in wanted { _ = future(part) }
    }

    private func future(_ part: ModelPart) -> Future<CompiledPart> {
        if let future = parts[part] { return future }
        let future = future(part, of: source)
        parts[part] = future
        return future
    }

    private func future(_ part: ModelPart, of source: ModelSource) -> Future<CompiledPart> {
        Future { [compiler] in
            let compiled = try releasingPages(by: source.releasePages) {
                try compiler.compile(part, of: source)
            }
            compiled.releasePages()
            return compiled
        }
    }

    /// The vision model for pictures of a size; those of other sizes than its own stay until ``releaseVision()``.
    ///
    /// - Parameter own: the model's own size.
    func vision(sized side: Int, own: Int) throws -> CompiledModel {
        guard side != own else { return try model(.vision) }
        if let sized = sized[side] { return try sized.get().model }
        let made = future(.vision, of: try sourceSized(side))
        let model = try made.get().model
        sized[side] = made
        return model
    }

    /// Compiles several parts at the same time.
    func compile(_ wanted: [ModelPart]) throws {
        startCompiling(wanted)
        let results = wanted.map { part in Result { try model(part) } }
        for result in results { _ = try result.get() }
    }

    /// The part, compiled.
    func model(_ part: ModelPart) throws -> CompiledModel {
        do {
            return try future(part).get().model
        } catch {
            // The next call tries again.
            parts[part] = nil
            throw error
        }
    }

    /// Frees the vision model's memory, which takes some hundredths of a second that nobody waits for; it is
    /// compiled again when it is next needed.
    func releaseVision() {
        settled.remove(.vision)
        // It may still be compiled. Both are freed with the closure.
        releases.async {
            [vision = parts.removeValue(forKey: .vision), layerwise = layerwise, sized = sized] in
            vision?.wait()
            _ = (layerwise, sized)
        }
        layerwise = nil
        sized = [:]
        releases.async { ProcessMemory.releaseFreed() }
    }

    /// The vision model with its layers' states as outputs too.
    func layerwiseVision(layerCount: Int) throws -> CompiledModel {
        if let layerwise { return layerwise.model }
        let compiled = try compiler.compile(.vision, hiddenStates: layerCount)
        layerwise = compiled
        return compiled.model
    }

    /// A request of the part that every call shares; whoever calls owns its outputs only until
    /// the next call.
    func request(_ part: ModelPart) throws -> InferRequest {
        if let request = requests[part] { return request }
        let request = try model(part).makeInferRequest()
        requests[part] = request
        return request
    }

    /// Runs an inference of a part; the first one is what last reads its weights.
    func infer<Result>(_ part: ModelPart, _ body: () throws -> Result) rethrows -> Result {
        guard !settled.contains(part), let compiled = parts[part]?.value else { return try body() }
        let result = try releasingPages(by: compiled.releasePages, during: body)
        settled.insert(part)
        return result
    }
}
