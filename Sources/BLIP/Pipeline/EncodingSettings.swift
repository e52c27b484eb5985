/// What changes a model's vectors besides its files: those of other settings are not compared.
///
/// The precision is not among them. At bf16, image embeddings have a cosine of 0.99999 to those at f32; with int4
/// weights it is 0.987 (docs/quantization.md).
package struct EncodingSettings: Sendable, Hashable {
    /// Height and width of the pictures that the model looks at, in pixels.
    package let imageSize: Int
    /// What a checkpoint's weights were rounded to when it was loaded; `nil` for those of its files.
    package let weights: WeightFormat?

    package init(imageSize: Int, weights: WeightFormat? = nil) {
        self.imageSize = imageSize
        self.weights = weights
    }
}

/// As options of the program, which choose them again.
extension EncodingSettings: LosslessStringConvertible {
    package var description: String {
        "--image-size \(imageSize)" + (weights.map { " --weights \($0.rawValue)" } ?? "")
    }

    /// - Parameter text: a ``description``, and perhaps more behind it.
    package init?(_ text: String) {
        let pattern = #/--image-size ([0-9]+)(?: --weights ([a-z0-9]+))?/#
        guard let match = text.prefixMatch(of: pattern), let size = Int(match.output.1) else {
            return nil
        }
        var weights: WeightFormat?
        if let name = match.output.2 {
            guard let known = WeightFormat(rawValue: String(name)) else { return nil }
            weights = known
        }
        self.init(imageSize: size, weights: weights)
    }
}
