import Foundation
import OpenVINO

/// Lets a model run only where it was seen to give the processor's results: a GPU or NPU is checked before its first
/// use, and AUTO chooses among those that passed and the processor.
struct DeviceGate {
    let source: ModelSource
    let available: Set<ModelPart>
    let configuration: BlipConfiguration
    let options: RuntimeOptions
    let core: Core

    /// Which devices are checked.
    enum Scope: Sendable, Hashable {
        case accelerators
        /// For tests, on machines that have nothing else.
        case processorsToo
        case none
    }

    /// The options with the device that the model is to run on.
    func passed() -> RuntimeOptions {
        var passed = options
        passed.device = device
        // What stands in for it is no device under test.
        if passed.device != options.device { passed.fault = nil }
        return passed
    }

    private var device: String {
        let present = (try? core.devices()) ?? []
        // Of devices that cannot be listed AUTO might take any.
        if present.isEmpty, options.device == "AUTO" { return Self.processor }
        let selection = DeviceSelection(options.device, present: present)
        let checked = selection.devices.filter(isChecked)
        // What is not there is told of elsewhere.
        guard !checked.isEmpty, (try? selection.check()) != nil else { return options.device }
        let checker = DeviceChecker(
            source: source, available: available, configuration: configuration, options: options)
        guard isAutomatic else {
            guard let content = verdict(options.device, checker) else { return Self.processor }
            if !content.verdict.isUsable { BlipLog.notice(refusal(content)) }
            return content.verdict.isUsable ? options.device : Self.processor
        }
        var contents = checked.compactMap { verdict($0, checker) }
        // The processor may be quicker than what passed.
        if contents.contains(where: \.verdict.isUsable), selection.mayUseProcessor,
            !checked.contains(Self.processor), let own = verdict(Self.processor, checker)
        {
            contents.append(own)
        }
        return Self.quickest(of: contents) ?? Self.processor
    }

    /// Of the devices that may be used, the quickest; `nil` where none may.
    static func quickest(of contents: [VerdictFile.Content]) -> String? {
        contents.filter(\.verdict.isUsable).min { $0.seconds < $1.seconds }?.device
    }

    private static let processor = "CPU"

    private var isAutomatic: Bool { options.device.hasPrefix("AUTO") }

    func isChecked(_ device: String) -> Bool {
        switch options.checks {
        case .none: false
        case .accelerators: !device.hasPrefix("CPU")
        case .processorsToo: true
        }
    }

    /// What was found of a device, now or before; `nil` where nothing could be, which is told.
    private func verdict(_ device: String, _ checker: DeviceChecker) -> VerdictFile.Content? {
        let file = checker.verdictFile(of: device, with: core)
        if let known = file?.read() { return known }
        let name = (try? core.fullDeviceName(device)).map { "\(device) (\($0))" } ?? device
        BlipLog.notice(
            isChecked(device)
                ? "Checking \(name) with this model against the processor, before its first use; "
                    + "graphs for other sizes are checked when they are first needed."
                : "Timing \(name) with this model too: AUTO is the quickest device.")
        let content: VerdictFile.Content
        do {
            content = try .init(checker.examine(device, against: checker.reference()))
        } catch {
            BlipLog.notice(
                "\(device) cannot be compared with the processor at f32, so "
                    + (isAutomatic ? "AUTO leaves it out" : "the processor is used")
                    + " (\(error)); blip doctor with the same --model checks it again.")
            return nil
        }
        if isChecked(device), !content.verdict.isUsable, isAutomatic {
            BlipLog.notice(refusal(content))
        }
        do {
            try file?.write(content)
        } catch {
            BlipLog.notice(
                "The verdict on \(device) cannot be kept in "
                    + "\(options.cacheDirectory?.path ?? ""), so it is checked at every start; name a "
                    + "folder that can be written with --cache-dir.")
        }
        return content
    }

    private func refusal(_ content: VerdictFile.Content) -> String {
        let reason =
            content.verdict == .fails
            ? "cannot run this model" : "computes something else than the processor with this model"
        return
            "\(content.device) \(reason), so the processor is used; blip doctor with the same --model "
            + "checks it again, and tells more."
    }
}
