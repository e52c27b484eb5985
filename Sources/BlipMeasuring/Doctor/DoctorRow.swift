package import BLIP
import Foundation

/// A device, and what it is worth: a JSON line of `blip doctor`.
package struct DoctorRow: Encodable, Sendable {
    struct Part: Encodable, Sendable {
        let part: String
        let compiles: Bool
        let milliseconds: Double
        let error: String?
    }

    package let device: String
    package let name: String
    let capabilities: [String]
    let driver: String?
    let runtime: String
    /// One of ``DeviceVerdict``'s, or `missing`.
    package let verdict: String
    package let agreement: DeviceAgreement?
    let parts: [Part]
    /// Milliseconds of a picture.
    let vision: Double?
    /// Milliseconds of a token.
    let token: Double?
    /// Megabytes that this process grew by.
    let memory: Double?
    package private(set) var advice: [String]

    enum CodingKeys: String, CodingKey {
        case device, name, capabilities, driver, runtime, verdict, agreement, parts, advice
        case vision = "vision_ms"
        case token = "token_ms"
        case memory = "memory_mb"
    }

    /// Whether a model may run there.
    package var isUsable: Bool { DeviceVerdict(rawValue: verdict)?.isUsable ?? false }

    init(
        _ examination: DeviceExamination, name: String, capabilities: [String], driver: String?,
        runtime: String, memory: Double
    ) {
        let findings = examination.findings
        device = examination.device
        self.name = name
        self.capabilities = capabilities
        self.driver = driver
        self.runtime = runtime
        verdict = examination.verdict.rawValue
        agreement = examination.agreement
        parts = findings.parts.map {
            Part(
                part: $0.part.rawValue, compiles: $0.error == nil,
                milliseconds: $0.duration.milliseconds, error: $0.error)
        }
        let ran = examination.verdict != .fails
        vision = ran ? findings.vision.milliseconds : nil
        token = ran && findings.token > .zero ? findings.token.milliseconds : nil
        self.memory = ran ? memory : nil
        advice = Self.advice(examination)
    }

    /// A device that the machine has, and OpenVINO does not see.
    init(missing device: String, advice: String, runtime: String) {
        self.device = device
        name = "Intel \(device)"
        capabilities = []
        driver = nil
        self.runtime = runtime
        verdict = "missing"
        agreement = nil
        parts = []
        (vision, token, memory) = (nil, nil, nil)
        self.advice = [advice]
    }

    mutating func add(advice: String) { self.advice.append(advice) }

    private static func advice(_ examination: DeviceExamination) -> [String] {
        switch examination.verdict {
        case .right: []
        case .inexact:
            [
                "Its results are further from the processor's than rounding explains; compare them on pictures of "
                    + "your own with blip compare before you rely on them."
            ]
        case .wrong:
            [
                "It is not used: it computes something else than the processor. Try a newer driver; then run blip "
                    + "doctor again, and report what it prints."
            ]
        case .fails:
            ["It is not used: \(examination.findings.failure ?? "it failed")"]
        }
    }

    /// For people.
    package var lines: [String] {
        var lines = ["\(device)  \(name)", "  verdict     \(verdict): \(words)"]
        if let agreement {
            var parts = ["embeddings \(Self.number(agreement.embeddings, 5))"]
            if let tokens = agreement.tokens {
                parts.append("tokens \(Self.number(tokens * 100, 0)) %")
            }
            if let match = agreement.matchProbability {
                parts.append("match probabilities within \(Self.number(match, 4))")
            }
            lines.append("  agreement   " + parts.joined(separator: ", "))
        }
        if !parts.isEmpty {
            let compiled = parts.map {
                "\($0.part) \($0.compiles ? "\(Self.number($0.milliseconds, 0)) ms" : "fails")"
            }
            lines.append("  compiles    " + compiled.joined(separator: ", "))
        }
        if let vision {
            let token = token.map { ", \(Self.number($0, 1)) ms a token" } ?? ""
            let memory = memory.map { ", \(Self.number($0, 0)) MB" } ?? ""
            lines.append("  speed       \(Self.number(vision, 1)) ms a picture\(token)\(memory)")
        }
        if !capabilities.isEmpty {
            lines.append("  can         " + capabilities.joined(separator: " "))
        }
        if let driver { lines.append("  driver      \(driver)") }
        return lines + advice.map { "  advice      \($0)" }
    }

    private var words: String {
        switch DeviceVerdict(rawValue: verdict) {
        case .right: "it computes what the processor does at f32, as far as its type goes"
        case .inexact: "it can be used, and is less exact than it should be"
        case .wrong: "it computes something else"
        case .fails: "it cannot run this model"
        case nil: "this machine has it, and OpenVINO does not see it"
        }
    }

    private static func number(_ value: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)f", value)
    }
}

extension Duration {
    fileprivate var milliseconds: Double {
        Double(components.seconds) * 1e3 + Double(components.attoseconds) / 1e15
    }
}
