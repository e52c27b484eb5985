import BLIP
import BlipCommandSupport
import Foundation
import OpenVINO

/// What was measured, and on what: the first JSON line of `blip bench`.
struct Machine: Encodable, Sendable {
    let table = "machine"
    let date: String
    let model: String
    /// As it was asked for.
    let device: String
    /// What runs the vision model, as OpenVINO names it.
    let runsOn: String
    let deviceName: String
    let precision: String
    /// The type that the vision model's products are computed in.
    let computesIn: String
    /// Height and width of the pictures, where that was asked for.
    let imageSize: Int?
    /// What weights are rounded to when they are loaded.
    let weights: String?
    /// Threads that were asked for.
    let threads: Int?
    let processor: String
    /// Logical processors that this program may use.
    let cores: Int
    /// Cores among them: two threads of one count once.
    let physicalCores: Int
    /// Those that are not of a slower kind, where there are several kinds.
    let fastCores: Int?
    /// Groups of them with memory of their own, where there are several.
    let memoryNodes: Int?
    /// Processors' worth of time that control groups allow, where they do not allow all.
    let processorQuota: Double?
    /// Pictures or texts that run together, where that was chosen.
    let batch: Int?
    /// Of the minute before anything was measured; `nil` where nothing is.
    let loadAverage: Double?
    let system: String
    let openvino: String
    let program: String

    init(
        model: String, options: RuntimeOptions, compilations: [Compilation], core: Core,
        loadAverage: Double? = nil, batch: Int? = nil
    ) {
        let resources = MachineResources.current
        physicalCores = resources.cores
        fastCores = resources.fastCores < resources.cores ? resources.fastCores : nil
        memoryNodes = resources.memoryNodes > 1 ? resources.memoryNodes : nil
        processorQuota = resources.isLimited ? resources.quota : nil
        self.batch = batch
        let vision = compilations.first { $0.part == .vision }
        let used = vision?.devices.first ?? options.device
        date = Date.now.formatted(.iso8601)
        self.model = model
        device = options.device
        runsOn = (vision?.devices ?? []).isEmpty ? options.device : used
        deviceName = (try? core.fullDeviceName(used)) ?? used
        precision = options.precision.rawValue
        // AUTO does not tell of its choice, but the device that it chose does.
        computesIn =
            compilations.precisions
            ?? (options.precision == .automatic
                ? (try? core.property("INFERENCE_PRECISION_HINT", on: used)) ?? "unknown"
                : options.precision.rawValue)
        imageSize = options.imageSize
        weights = options.weights?.rawValue
        threads = options.threads
        processor = (try? core.fullDeviceName("CPU")) ?? "unknown"
        cores = resources.logicalProcessors
        self.loadAverage = loadAverage
        system = ProcessInfo.processInfo.operatingSystemVersionString
        openvino = core.version
        program = "blip \(programVersion)"
    }

    /// The same for people.
    var facts: [(name: String, value: String)] {
        let device = device == runsOn ? device : "\(device) → \(runsOn)"
        let precision = precision == computesIn ? precision : "\(precision) → \(computesIn)"
        var facts = [
            ("Model", model), ("Device", "\(device), \(deviceName)"), ("Precision", precision),
            ("Processor", processor), ("Cores", coresText), ("System", system),
            ("OpenVINO", openvino), ("Program", program), ("Date", date),
        ]
        if let loadAverage {
            facts.insert(("Load average before", significant(loadAverage)), at: 5)
        }
        if let threads { facts.insert(("Threads", "\(threads)"), at: 5) }
        if let imageSize {
            facts.insert(("Picture size", "\(imageSize)x\(imageSize)"), at: 3)
        }
        if let weights { facts.insert(("Weights", "\(weights), rounded when loaded"), at: 3) }
        if let batch { facts.insert(("Batch", "\(batch)"), at: 5) }
        return facts.map { (name: $0.0, value: $0.1) }
    }

    private var coresText: String {
        var texts = ["\(cores)"]
        if physicalCores < cores { texts.append("threads of \(physicalCores) cores") }
        if let fastCores { texts.append("\(fastCores) cores fast") }
        if let memoryNodes { texts.append("\(memoryNodes) memory nodes") }
        if let processorQuota {
            texts.append("control groups allow \(significant(processorQuota))")
        }
        return texts.joined(separator: ", ")
    }
}
