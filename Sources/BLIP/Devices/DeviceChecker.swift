package import Foundation
import OpenVINO

/// Compares devices with the processor at f32, by a model.
///
/// Not `Sendable`: whoever checks owns it.
package final class DeviceChecker {
    private let source: ModelSource
    private let available: Set<ModelPart>
    private let configuration: BlipConfiguration
    private let options: RuntimeOptions
    /// One for all devices that are compared.
    private lazy var expected: Result<DeviceFindings, any Error> = Result { try findReference() }

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
    package convenience init(folder: URL, options: RuntimeOptions) throws {
        let opened = try ModelFolder(folder, options)
        self.init(
            source: opened.source, available: opened.parts, configuration: opened.configuration,
            options: options)
    }

    /// What the processor finds at f32, computed when it is first asked for.
    ///
    /// - Throws: where even that fails.
    package func reference() throws -> DeviceFindings { try expected.get() }

    private func findReference() throws -> DeviceFindings {
        let findings = try probe(options.reference).run()
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

extension RuntimeOptions {
    /// What devices are compared with: the processor at f32.
    var reference: RuntimeOptions {
        var reference = self
        reference.device = "CPU"
        reference.precision = .f32
        reference.shapes = .dynamic
        reference.fault = nil
        return reference
    }
}
