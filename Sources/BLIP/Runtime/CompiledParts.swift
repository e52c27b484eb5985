import Dispatch
import OpenVINO
import Synchronization

/// A model's parts, each compiled when it is first needed.
///
/// Not `Sendable`: one actor owns it.
final class CompiledParts {
    private let source: ModelSource
    private let options: RuntimeOptions
    private let core: Core
    private var parts: [ModelPart: CompiledPart] = [:]
    private var layerwise: CompiledPart?
    private var settled: Set<ModelPart> = []
    private var requests: [ModelPart: InferRequest] = [:]
    let available: Set<ModelPart>

    // Asks for devices, which opening a model need not wait for.
    private lazy var compiler = PartCompiler(source, options: options, core: core)
    var stateType: ElementType { compiler.stateType }
    var isExact: Bool { compiler.isExact }

    init(_ source: ModelSource, available: Set<ModelPart>, options: RuntimeOptions) throws {
        core = try Core.shared
        self.source = source
        self.available = available
        self.options = options
    }

    /// What has been compiled so far.
    var compiled: [ModelPart: CompiledModel] { parts.mapValues(\.model) }

    /// Compiles several parts at the same time.
    func compile(_ wanted: [ModelPart]) throws {
        let missing = wanted.filter { parts[$0] == nil }
        let compiler = compiler
        let results = Mutex<[Result<(ModelPart, CompiledPart), any Error>]>([])
        releasingPages(by: source.releasePages) {
            DispatchQueue.concurrentPerform(iterations: missing.count) { index in
                let result = Result { (missing[index], try compiler.compile(missing[index])) }
                results.withLock { $0.append(result) }
            }
        }
        for result in results.withLock(\.self) {
            let (part, compiled) = try result.get()
            parts[part] = compiled
            compiled.releasePages()
        }
    }

    /// The part, compiled.
    func model(_ part: ModelPart) throws -> CompiledModel {
        if let compiled = parts[part] { return compiled.model }
        try compile([part])
        return try model(part)
    }

    /// The vision model with its layers' states as outputs too.
    func layerwiseVision(layerCount: Int) throws -> CompiledModel {
        if let layerwise { return layerwise.model }
        let compiled = try compiler.compile(.vision, adding: LayerOutputs(layerCount: layerCount))
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
        guard let compiled = parts[part], !settled.contains(part) else { return try body() }
        let result = try releasingPages(by: compiled.releasePages, during: body)
        settled.insert(part)
        return result
    }
}
