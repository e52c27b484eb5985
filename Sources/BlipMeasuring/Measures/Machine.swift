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
    /// Of the minute before anything was measured; `nil` where nothing is.
    let loadAverage: Double?
    let system: String
    let openvino: String
    let program: String

    init(
        model: String, options: RuntimeOptions, compilations: [Compilation], core: Core,
        loadAverage: Double? = nil
    ) {
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
            vision?.precision
            ?? (options.precision == .automatic
                ? (try? core.property("INFERENCE_PRECISION_HINT", on: used)) ?? "unknown"
                : options.precision.rawValue)
        imageSize = options.imageSize
        weights = options.weights?.rawValue
        threads = options.threads
        processor = (try? core.fullDeviceName("CPU")) ?? "unknown"
        cores = ProcessInfo.processInfo.activeProcessorCount
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
            ("Processor", processor), ("Cores", "\(cores)"), ("System", system),
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
        return facts.map { (name: $0.0, value: $0.1) }
    }
}
