import OpenVINO

/// How a part of a model was compiled.
package struct Compilation: Sendable, Hashable {
    /// The part.
    package let part: ModelPart
    /// The devices that run it, as OpenVINO names them: what `AUTO` chose; empty where unknown.
    package let devices: [String]
    /// The type that its products are computed in, such as `bf16`; `nil` where unknown.
    package let precision: String?
    /// Whether it was found compiled in ``RuntimeOptions/cacheDirectory``; `nil` where unknown.
    package let isFromCache: Bool?
}

extension [Compilation] {
    /// The types that products are computed in, pictures' first: `bf16`, or `f32 and bf16` where they differ;
    /// `nil` where unknown.
    package var precisions: String? {
        let types = compactMap(\.precision)
        let first = types.enumerated().filter { !types[..<$0.offset].contains($0.element) }
        return first.isEmpty ? nil : first.map(\.element).joined(separator: " and ")
    }
}

extension BlipModel {
    /// What has been compiled so far, and how; see ``prepare(for:progress:)``.
    package func compilations() -> [Compilation] {
        ModelPart.allCases.compactMap { part in
            guard let model = parts.compiled[part] else { return nil }
            // A device need not know these properties. AUTO puts in parentheses the processor that
            // stands in while another device still compiles.
            let devices = try? model.property("EXECUTION_DEVICES")
            return Compilation(
                part: part,
                devices: (devices ?? "").split { "(), ".contains($0) }.map(String.init),
                precision: try? model.property("INFERENCE_PRECISION_HINT"),
                isFromCache: model.isFromCache)
        }
    }
}
