import Checkpoint
import ModelGraph

/// What is done to a part's graph between the network and the device. Everything that serves a number
/// format, a processor or a measurement is a pass, and is listed here.
struct PassPipeline: Sendable {
    /// What calibration asks products for.
    var ranges: Ranges?
    /// How activations are rounded, by the product that reads them.
    var activations: [String: QuantizedInput] = [:]
    /// How weights are rounded.
    var weights: RoundWeights?
    /// Layers of the vision model whose states are put out.
    var hiddenStates = 0
    var marksLanguageModel = false
    /// The type in which keys and values pass from graph to graph; `nil` for f32.
    var portType: ScalarType?

    enum Ranges {
        case observed
        case compared([String: QuantizedInput])
    }

    /// The passes, in the order in which they run.
    var passes: [any GraphPass] {
        var passes: [any GraphPass] = []
        switch ranges {
        case .observed: passes.append(ObserveRanges())
        case .compared(let inputs): passes.append(CompareRanges(inputs: inputs))
        case nil: break
        }
        if !activations.isEmpty, let region = weights?.region {
            passes.append(RoundActivations(inputs: activations, region: region))
        }
        if let weights { passes.append(weights) }
        if hiddenStates > 0 { passes.append(OutputHiddenStates(layerCount: hiddenStates)) }
        if marksLanguageModel { passes.append(LanguageModelMark()) }
        if let portType { passes.append(ConvertStatePorts(type: portType)) }
        return passes
    }
}
