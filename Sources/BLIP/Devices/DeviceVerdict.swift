/// What a device is worth for a model.
package enum DeviceVerdict: String, Sendable, Hashable, Codable, CaseIterable {
    /// As near to the processor at f32 as rounding to 16 bits allows.
    case right
    /// Usable, and further away than it should be.
    case inexact
    /// It computes something else.
    case wrong
    /// It compiles or runs the model not at all.
    case fails

    /// Whether the model may run there.
    package var isUsable: Bool { self == .right || self == .inexact }

    /// Bounds: bf16 and f16 keep every cosine above 0.999 and all tokens of the models that were tried; a wrong weight
    /// of the decoder left five tokens of eight as they are.
    init(_ agreement: DeviceAgreement) {
        let (tokens, match) = (agreement.tokens ?? 1, agreement.matchProbability ?? 0)
        self =
            if agreement.embeddings >= 0.99, tokens >= 0.85, match <= 0.05 {
                .right
            } else if agreement.embeddings >= 0.97, tokens >= 0.75, match <= 0.15 {
                .inexact
            } else {
                .wrong
            }
    }
}

/// A device, and what came of running a model there.
package struct DeviceExamination: Sendable {
    /// As OpenVINO names it.
    package let device: String
    package let verdict: DeviceVerdict
    /// `nil` where it fails.
    package let agreement: DeviceAgreement?
    package let findings: DeviceFindings

    init(_ device: String, _ findings: DeviceFindings, reference: DeviceFindings) {
        self.device = device
        self.findings = findings
        guard findings.failure == nil else {
            verdict = .fails
            agreement = nil
            return
        }
        let agreement = DeviceAgreement(findings, reference)
        self.agreement = agreement
        verdict = DeviceVerdict(agreement)
    }
}
