import BlipCheckpoint
package import ModelGraph

/// What is done to a part's graph between the network and the device. Everything that serves a number
/// format, a processor or a measurement is a pass, and is listed here.
package struct PassPipeline: Sendable {
    /// What calibration asks products for.
    var ranges: Ranges?
    /// How a graph that is written is rounded.
    var rounding: Rounding?
    /// Layers of the vision model whose states are put out.
    var hiddenStates = 0
    var marksLanguageModel = false
    /// The type in which keys and values pass from graph to graph; `nil` for f32.
    var portType: ScalarType?
    /// What shapes are fixed for; `nil` where they stay open.
    var sizes: PartSizes?
    /// Whether all is rounded as at f16, for tests.
    var roundsToHalf = false
    /// What a weight is multiplied by, for tests.
    var fault: Float?

    package enum Ranges {
        case observed
        /// Of every operation.
        case magnitudes
        case compared([String: QuantizedInput])
    }

    package struct Rounding {
        /// How activations are rounded, by the product that reads them, whose weight is rounded with them.
        package var activations: [String: QuantizedInput] = [:]
        package var weights: RoundWeights

        package init(activations: [String: QuantizedInput] = [:], weights: RoundWeights) {
            self.activations = activations
            self.weights = weights
        }
    }

    package init(
        ranges: Ranges? = nil, rounding: Rounding? = nil, hiddenStates: Int = 0,
        marksLanguageModel: Bool = false, portType: ScalarType? = nil, sizes: PartSizes? = nil
    ) {
        self.ranges = ranges
        self.rounding = rounding
        self.hiddenStates = hiddenStates
        self.marksLanguageModel = marksLanguageModel
        self.portType = portType
        self.sizes = sizes
    }

    /// The passes, in the order in which they run.
    package var passes: [any GraphPass] {
        var passes: [any GraphPass] = []
        switch ranges {
        case .observed: passes.append(ObserveRanges())
        case .magnitudes: passes.append(ObserveMagnitudes())
        case .compared(let inputs): passes.append(CompareRanges(inputs: inputs))
        case nil: break
        }
        if let rounding {
            let region = rounding.weights.region
            if !rounding.activations.isEmpty {
                passes.append(RoundActivations(inputs: rounding.activations, region: region))
            }
            passes.append(rounding.weights)
        }
        if hiddenStates > 0 { passes.append(OutputHiddenStates(layerCount: hiddenStates)) }
        if marksLanguageModel { passes.append(LanguageModelMark()) }
        if roundsToHalf { passes.append(RoundToHalf()) }
        if let fault { passes.append(PerturbWeight(scale: fault)) }
        if let portType { passes.append(ConvertStatePorts(type: portType)) }
        return passes
    }

    /// The passes of a part whose weights lie in a region.
    func passes(for part: ModelPart, in region: WeightRegion) -> [any GraphPass] {
        passes + (sizes.map { [FixShapes(part, $0, region: region)] } ?? [])
    }
}
