import BlipCheckpoint
package import Foundation
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
        guard options.device.hasPrefix("AUTO") else {
            guard let content = verdict(options.device) else { return Self.processor }
            if !content.verdict.isUsable { BlipLog.notice(refusal(content)) }
            return content.verdict.isUsable ? options.device : Self.processor
        }
        var contents = checked.compactMap(verdict)
        // The processor may be quicker than what passed.
        if contents.contains(where: \.verdict.isUsable), selection.mayUseProcessor,
            !checked.contains(Self.processor), let own = verdict(Self.processor)
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

    private func isChecked(_ device: String) -> Bool {
        switch options.checks {
        case .none: false
        case .accelerators: !device.hasPrefix("CPU")
        case .processorsToo: true
        }
    }

    /// What was found of a device, now or before.
    private func verdict(_ device: String) -> VerdictFile.Content? {
        let checker = DeviceChecker(
            source: source, available: available, configuration: configuration, options: options)
        let file = checker.verdictFile(of: device, with: core)
        if let known = file?.read() { return known }
        let name = (try? core.fullDeviceName(device)).map { "\(device) (\($0))" } ?? device
        BlipLog.notice(
            isChecked(device)
                ? "Checking \(name) with this model against the processor, before its first use."
                : "Timing \(name) with this model too: AUTO is the quickest device.")
        guard let reference = try? checker.reference(),
            let examination = try? checker.examine(device, against: reference)
        else { return nil }
        let content = VerdictFile.Content(examination)
        if isChecked(device), !content.verdict.isUsable, options.device.hasPrefix("AUTO") {
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

/// Compares devices with the processor at f32, by a model.
package struct DeviceChecker {
    private let source: ModelSource
    private let available: Set<ModelPart>
    private let configuration: BlipConfiguration
    private let options: RuntimeOptions

    init(
        source: ModelSource, available: Set<ModelPart>, configuration: BlipConfiguration,
        options: RuntimeOptions
    ) {
        self.source = source
        self.available = available
        self.configuration = configuration
        self.options = options
    }

    /// - Parameter folder: as ``BlipModel/init(folder:options:)`` takes it.
    package init(folder: URL, options: RuntimeOptions) throws {
        let opened = try ModelFolder(folder, options)
        self.init(
            source: opened.source, available: opened.parts, configuration: opened.configuration,
            options: options)
    }

    /// What the processor finds at f32.
    ///
    /// - Throws: where even that fails.
    package func reference() throws -> DeviceFindings {
        var reference = options
        reference.device = "CPU"
        reference.precision = .f32
        reference.shapes = .dynamic
        reference.fault = nil
        let findings = try probe(reference).run()
        if let failure = findings.failure {
            throw BlipError(
                .unknownDevice,
                "The processor cannot run this model, so nothing can be compared with it: \(failure)"
            )
        }
        return findings
    }

    /// What a device is worth.
    package func examine(
        _ device: String, against reference: DeviceFindings
    ) throws -> DeviceExamination {
        var options = options
        options.device = device
        let findings = try probe(options).run(following: reference)
        return DeviceExamination(device, findings, reference: reference)
    }

    /// Keeps what was found, in the place of what was found before, for the next start; does nothing where nothing
    /// is kept.
    ///
    /// - Throws: where it cannot be written.
    package func keep(_ examination: DeviceExamination) throws {
        try verdictFile(of: examination.device, with: .shared)?.write(.init(examination))
    }

    /// Where the verdict on a device is kept; `nil` where nothing is.
    func verdictFile(of device: String, with core: Core) -> VerdictFile? {
        options.cacheDirectory.map {
            VerdictFile(in: $0, device: device, model: model, options: options, with: core)
        }
    }

    /// Each part's graph, and the state of its weights.
    private var model: [String] {
        ModelPart.allCases.filter(available.contains).compactMap {
            try? source.graph(of: $0).contents
        }
    }

    private func probe(_ options: RuntimeOptions) throws -> DeviceProbe {
        try DeviceProbe(
            source, available: available, configuration: configuration, options: options)
    }
}
