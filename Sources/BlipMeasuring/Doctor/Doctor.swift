package import BLIP
package import Foundation
import OpenVINO

/// Examines devices by a model: what compiles there, how near its results are to the processor's at f32, how
/// long it takes; and tells what the system lacks for a device that is not seen.
package struct Doctor {
    private let folder: URL
    private let options: RuntimeOptions
    private let devices: [String]?
    private let system: SystemCheck

    /// - Parameters:
    ///   - folder: the model.
    ///   - options: how it would run.
    ///   - devices: those to examine, as OpenVINO names them; `nil` for all that it lists.
    package init(_ folder: URL, options: RuntimeOptions, devices: [String]? = nil) {
        self.init(folder, options: options, devices: devices, system: SystemCheck())
    }

    init(_ folder: URL, options: RuntimeOptions, devices: [String]?, system: SystemCheck) {
        self.folder = folder
        self.options = options
        self.devices = devices
        self.system = system
    }

    /// - Parameter report: given each device as soon as it is examined.
    /// - Throws: what keeps the processor from running the model.
    package func run(report: (DoctorRow) throws -> Void) throws {
        let core = try Core.shared
        let present = try core.devices()
        let checker = try DeviceChecker(folder: folder, options: options)
        let reference = try checker.reference()
        for device in devices ?? present {
            let before = Memory.resident
            let examination = try checker.examine(device, against: reference)
            // Whoever put a device right need not wait for another driver to have it used. What cannot be written
            // is told of by what uses the device.
            try? checker.keep(examination)
            var row = DoctorRow(
                examination, name: (try? core.fullDeviceName(device)) ?? device,
                capabilities: (try? core.capabilities(of: device)) ?? [],
                driver: DeviceDriver.version(of: device, with: core), runtime: core.version,
                memory: max(0, Memory.resident - before))
            if device == "CPU", let advice = TestedRuntime.advice(core.version) {
                row.add(advice: advice)
            }
            try report(row)
        }
        guard devices == nil else { return }
        for kind in SystemCheck.Accelerator.allCases
        where !present.contains(where: { $0.hasPrefix(kind.rawValue) }) && system.isPresent(kind) {
            try report(
                DoctorRow(
                    missing: kind.rawValue, advice: system.advice(for: kind),
                    runtime: core.version))
        }
    }
}
