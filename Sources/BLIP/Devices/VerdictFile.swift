import Foundation
import OpenVINO

/// A verdict that is kept, in the folder of compiled models: one file for each device, driver, runtime and
/// model, or graph for some sizes.
struct VerdictFile {
    /// Raised when what is checked changes.
    private static let version = 2

    struct Content: Codable {
        let device: String
        let verdict: DeviceVerdict
        /// Why, where it fails.
        let reason: String?
        let agreement: DeviceAgreement?
        /// Seconds of a picture and 10 tokens, by which AUTO chooses.
        let seconds: Double
    }

    private let file: URL

    /// - Parameters:
    ///   - folder: that of compiled models.
    ///   - model: the graphs and the states of their weights' files.
    init(
        in folder: URL, device: String, model: [String], options: RuntimeOptions, with core: Core
    ) {
        // HETERO and its like have no name of their own: another device behind them is another device.
        let present = (try? core.devices()) ?? []
        let names = DeviceSelection(device, present: present).devices.map {
            (try? core.fullDeviceName($0)) ?? ""
        }
        let settings =
            "\(options.precision) \(options.shapes?.rawValue ?? "") \(options.threads ?? 0)"
        let key =
            [String(Self.version), device] + names + [settings, DeviceDriver.state, Core.version]
            + model
        let id = CompilationID.hash(key.joined(separator: "\0").utf8)
        file = folder.appending(path: "swift-blip-verdict-\(id).json")
    }

    /// What was found before; `nil` where nothing was, or what is there cannot be read.
    func read() -> Content? {
        (try? Data(contentsOf: file)).flatMap {
            try? JSONDecoder().decode(Content.self, from: $0)
        }
    }

    /// - Throws: where it cannot be written.
    func write(_ content: Content) throws {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try Draft.write(encoder.encode(content), to: file)
    }
}

extension VerdictFile.Content {
    init(_ examination: DeviceExamination) {
        let findings = examination.findings
        let duration = (findings.vision + findings.token * 10).components
        self.init(
            device: examination.device, verdict: examination.verdict, reason: findings.failure,
            agreement: examination.agreement,
            seconds: Double(duration.seconds) + Double(duration.attoseconds) / 1e18)
    }
}
