import Dispatch
import OpenVINO

/// A model's parts, each compiled when it is first needed.
///
/// Not `Sendable`: one actor owns it.
final class CompiledParts {
    private struct Key: Hashable {
        let part: ModelPart
        /// What its shapes are fixed for; `nil` for open ones.
        let sizes: PartSizes?
        /// Of the vision model, the size of its pictures; `nil` for the model's own.
        let imageSize: Int?
    }

    private let source: ModelSource
    private let sizedSources: SizedSources?
    private let gate: DeviceGate?
    private let options: RuntimeOptions
    private let core: Core
    private var parts: [Key: Future<CompiledPart>] = [:]
    /// The last used ones last.
    private var uses: [Key] = []
    /// Picture sizes besides the model's own that have places of their own.
    private var keptImageSizes: Set<Int> = []
    private var layerwise: CompiledPart?
    private var settled: Set<Key> = []
    /// Those that passed the device's check, which need no other when they are compiled again.
    private var checked: Set<Key> = []
    private var requests: [Key: InferRequest] = [:]
    private var inferenceCount = 0
    /// When a part was last used; `nil` where none was since all were released.
    private(set) var lastUse: ContinuousClock.Instant?
    private let releases = DispatchQueue(label: "blip-release")
    let available: Set<ModelPart>

    /// The most sizes of a part that stay compiled, whatever requests come, besides picture sizes that are kept: each
    /// has weights of its own.
    private static let keptSizes = 4

    // Asks for devices, which opening a model need not wait for.
    private lazy var compiler = PartCompiler(
        source, options: gate?.passed() ?? options, core: core)
    var stateType: ElementType { compiler.precision.stateType }
    var isExact: Bool { compiler.precision.isExact }
    /// Whether parts are made for the sizes of requests.
    var fixesShapes: Bool { compiler.fixesShapes }

    /// - Parameters:
    ///   - configuration: the model's, by which devices are checked; `nil` where they are not.
    ///   - sourceSized: where the vision model for pictures of another size comes from; `nil` where none is
    ///     asked for.
    init(
        _ source: ModelSource, available: Set<ModelPart>, options: RuntimeOptions,
        checkedBy configuration: BlipConfiguration? = nil,
        sourceSized: (@Sendable (_ imageSize: Int) throws -> ModelSource)? = nil
    ) throws {
        sizedSources = sourceSized.map { SizedSources($0) }
        let core = try Core.shared
        self.core = core
        gate = configuration.map {
            DeviceGate(
                source: source, available: available, configuration: $0, options: options,
                core: core)
        }
        self.source = source
        self.available = available
        self.options = options
    }

    /// Neither compiling nor freeing outlives the model: a program that ends meanwhile would crash.
    deinit {
        for part in parts.values { part.wait() }
        releases.sync {}
    }

    /// What has been compiled so far; of several sizes the last used.
    var compiled: [ModelPart: CompiledModel] {
        var found: [ModelPart: CompiledModel] = [:]
        for key in uses { found[key.part] = parts[key]?.value?.model ?? found[key.part] }
        return found
    }

    /// How many graphs are compiled now.
    var compiledCount: Int { parts.values.count { $0.value != nil } }

    /// Starts to compile several parts at the same time, for these sizes where shapes are fixed.
    func startCompiling(_ wanted: [ModelPart], _ sizes: (ModelPart) -> PartSizes) {
        for part in wanted { _ = future(key(part, sizes(part))) }
    }

    private func key(_ part: ModelPart, _ sizes: PartSizes, imageSize: Int? = nil) -> Key {
        Key(part: part, sizes: fixesShapes ? sizes : nil, imageSize: imageSize)
    }

    private func future(_ key: Key) -> Future<CompiledPart> {
        if uses.last != key {
            uses.removeAll { $0 == key }
            uses.append(key)
        }
        if let future = parts[key] { return future }
        releaseLeastUsed(of: key.part)
        let gate = checked.contains(key) ? nil : gate
        let future = Future { [compiler, source, sizedSources] in
            let start = ContinuousClock.now
            let sized = try key.imageSize.flatMap { try sizedSources?.source(for: $0) }
            let compiled = try releasingPages(by: source.releasePages) {
                try compiler.compile(key.part, key.sizes, of: sized)
            }
            BlipLog.debug(
                "The \(key.part) was compiled in \(ContinuousClock.now - start)"
                    + (compiled.model.isFromCache == true ? ", from the cache" : ""))
            if let device = compiler.accelerator {
                try gate?.check(compiled.model, on: device, key.part, key.sizes, of: sized)
            }
            // After the check, which reads the weights too.
            compiled.releasePages()
            return compiled
        }
        parts[key] = future
        return future
    }

    /// Makes room for another size of a part.
    private func releaseLeastUsed(of part: ModelPart) {
        // One that is still compiled is waited for by somebody.
        let kept = uses.filter { $0.part == part && parts[$0]?.value != nil }
        let others = part == .vision ? keptImageSizes.count : 0
        // Where shapes are fixed each picture size has batches of several sizes.
        let limit = Self.keptSizes + others * (fixesShapes ? Self.keptSizes : 1)
        for key in kept.dropLast(limit - 1) { release(key) }
    }

    /// Keeps what is compiled for pictures of a size beside what is compiled for the model's own.
    func keep(imageSize: Int) { keptImageSizes.insert(imageSize) }

    private func release(_ key: Key) {
        uses.removeAll { $0 == key }
        settled.remove(key)
        requests[key] = nil
        // It may still be compiled. It is freed with the closure.
        releases.async { [part = parts.removeValue(forKey: key)] in part?.wait() }
    }

    /// Compiles several parts at the same time, for these sizes where shapes are fixed.
    ///
    /// - Parameter progress: told how many are there, and of how many.
    func compile(
        _ wanted: [ModelPart], _ sizes: (ModelPart) -> PartSizes,
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws {
        startCompiling(wanted, sizes)
        let results = wanted.enumerated().map { index, part in
            defer { progress(index + 1, wanted.count) }
            return Result { try model(part, sizes(part)) }
        }
        for result in results { _ = try result.get() }
    }

    /// The part, compiled.
    ///
    /// - Parameters:
    ///   - sizes: of no matter where shapes are open.
    ///   - imageSize: of the vision model, the size of its pictures; `nil` for the model's own.
    func model(
        _ part: ModelPart, _ sizes: PartSizes, imageSize: Int? = nil
    ) throws -> CompiledModel {
        let key = key(part, sizes, imageSize: imageSize)
        defer { lastUse = ContinuousClock.now }
        do {
            let made = try future(key).get()
            checked.insert(key)
            return made.model
        } catch {
            // The next call tries again.
            parts[key] = nil
            uses.removeAll { $0 == key }
            throw error
        }
    }

    /// Frees the vision model's memory, which takes some hundredths of a second that nobody waits for; it is
    /// compiled again when it is next needed.
    func releaseVision() {
        for key in parts.keys where key.part == .vision { release(key) }
        releases.async { [layerwise = layerwise] in _ = layerwise }
        layerwise = nil
        releases.async { ProcessMemory.releaseFreed() }
    }

    /// Frees all parts' memory, as ``releaseVision()`` does.
    func releaseAll() {
        for key in parts.keys { release(key) }
        releaseVision()
        lastUse = nil
    }

    /// Goes on on the processor, where another device ran the parts until now.
    ///
    /// - Returns: that device; `nil` where it was the processor.
    func fallBack() -> String? {
        guard let device = compiler.accelerator else { return nil }
        releaseAll()
        var processor = options
        processor.device = "CPU"
        processor.fault = nil
        compiler = PartCompiler(source, options: processor, core: core)
        return device
    }

    private func vanishIfAsked() throws {
        guard let limit = options.vanishesAfter, let device = compiler.accelerator else { return }
        inferenceCount += 1
        guard inferenceCount > limit else { return }
        throw OpenVINOError(
            code: .generalError, operation: "run an inference on \(device)", message: "it is gone")
    }

    /// The vision model with its layers' states as outputs too.
    func layerwiseVision(layerCount: Int) throws -> CompiledModel {
        if let layerwise { return layerwise.model }
        let compiled = try compiler.compile(
            .vision, fixesShapes ? PartSizes() : nil, hiddenStates: layerCount)
        layerwise = compiled
        return compiled.model
    }

    /// A request of the part that every call shares; whoever calls owns its outputs only until
    /// the next call.
    func request(_ part: ModelPart, _ sizes: PartSizes) throws -> InferRequest {
        let key = key(part, sizes)
        let model = try model(part, sizes)
        if let request = requests[key] { return request }
        let request = try model.makeInferRequest()
        requests[key] = request
        return request
    }

    /// Runs an inference of a part; the first one is what last reads its weights.
    func infer<Result>(
        _ part: ModelPart, _ sizes: PartSizes, imageSize: Int? = nil, _ body: () throws -> Result
    ) throws -> Result {
        try vanishIfAsked()
        defer { lastUse = ContinuousClock.now }
        let key = key(part, sizes, imageSize: imageSize)
        guard !settled.contains(key), let compiled = parts[key]?.value else { return try body() }
        let result = try releasingPages(by: compiled.releasePages, during: body)
        settled.insert(key)
        return result
    }
}
