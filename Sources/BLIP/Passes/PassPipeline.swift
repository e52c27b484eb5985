import BlipCheckpoint
import ModelGraph

/// What is done to a part's graph between the network and the device. Everything that serves a number
/// format, a processor or a measurement is a pass, and is listed here.
struct PassPipeline: Sendable {
    /// What calibration asks products for.
    var ranges: Ranges?
    /// How a graph that is written is rounded.
    var rounding: Rounding?
    /// Layers of the vision model whose states are put out.
    var hiddenStates = 0
    var marksLanguageModel = false
    /// The type in which keys and values pass from graph to graph; `nil` for f32.
    var portType: ScalarType?

    enum Ranges {
        case observed
        case compared([String: QuantizedInput])
    }

    struct Rounding {
        /// How activations are rounded, by the product that reads them, whose weight is rounded with them.
        var activations: [String: QuantizedInput] = [:]
        var weights: RoundWeights
    }

    /// The passes, in the order in which they run.
    var passes: [any GraphPass] {
        var passes: [any GraphPass] = []
        switch ranges {
        case .observed: passes.append(ObserveRanges())
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
        if let portType { passes.append(ConvertStatePorts(type: portType)) }
        return passes
    }
}
