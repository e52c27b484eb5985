import OpenVINO

/// The type that each part of a model computes in.
struct PrecisionChoice: Sendable, Hashable {
    /// What is asked of the device for all parts; `nil` for what it does best.
    private let asked: ElementType?
    /// Of all parts but those below; `nil` where devices differ, or do not tell.
    private let common: ElementType?
    /// Whether texts are computed at f32 though all else is not.
    let widensTexts: Bool
    /// Whether pictures are computed at f32 though all else is not.
    private let widensPictures: Bool
    private let hasIntegerWeights: Bool

    /// - Parameters:
    ///   - defaults: what each device that may run the model computes in if nothing is asked for; `nil` for one
    ///     that does not tell.
    ///   - hasIntegerWeights: whether the weights of products are integers.
    ///   - processor: what the device is; `nil` where it is another, or may be.
    init(
        _ precision: RuntimeOptions.Precision, defaults: [ElementType?], hasIntegerWeights: Bool,
        processor: ProcessorInstructions?
    ) {
        self.hasIntegerWeights = hasIntegerWeights
        asked =
            switch precision {
            case .automatic: nil
            case .f32: .f32
            case .f16: .f16
            case .bf16: .bf16
            }
        // Devices that differ, or do not tell, take from each other what all of them can.
        let types = Set(asked.map { [$0] } ?? defaults)
        common = types.count == 1 ? types.first ?? nil : nil
        let processor = asked == nil && common == .bf16 ? processor : nil
        // With AMX OpenVINO multiplies there at bf16 whatever the weights are, and widens integers for every
        // token; at f32 it rounds activations and multiplies integers, which few tokens gain by.
        widensTexts = hasIntegerWeights && processor?.hasMatrixUnit == true
        // A text's few rows wait for weights, which bf16 halves; a picture's many wait for products.
        widensPictures = !hasIntegerWeights && processor?.multipliesFasterAtF32 == true
    }

    /// The type in which keys and values pass from graph to graph: that of the products, so that
    /// nothing is widened and narrowed again in every step.
    var stateType: ElementType { widensTexts ? .f32 : common ?? .f32 }

    /// Whether everything is computed at f32, of what the weights say; not so where it is not known.
    ///
    /// Who chose integers and left the precision open wants speed, on a processor without bf16 too:
    /// OpenVINO may round activations there.
    var isExact: Bool { common == .f32 && (asked != nil || !hasIntegerWeights) }

    /// What is asked of the device for a part; `nil` for what it does best.
    func asked(of part: ModelPart) -> ElementType? {
        (part.readsTexts ? widensTexts : widensPictures) ? .f32 : asked
    }

    /// What to tell whoever asks a processor for bf16 that has no instructions for it: OpenVINO emulates
    /// it, and a caption of base size took 48 s instead of 4. (f16 is computed at f32 there.)
    ///
    /// - Parameter capabilities: as OpenVINO lists the processor's.
    static func warning(
        of precision: RuntimeOptions.Precision, capabilities: [String]
    ) -> String? {
        guard precision == .bf16, !capabilities.isEmpty, !capabilities.contains("BF16") else {
            return nil
        }
        return "This processor has no instructions for bf16, which takes many times as long as "
            + "f32 here; leave the precision at auto, or ask for f32."
    }
}
