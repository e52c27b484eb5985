import Foundation
import ModelGraph
import OpenVINO

/// Where the graphs of a model come from.
enum ModelSource: Sendable {
    /// A checkpoint, whose mapped bytes are the weights.
    case checkpoint(GraphFactory)
    /// IR files that ``BlipConverter`` wrote.
    case converted(folder: URL, weights: BlipConverter.Weights)

    /// Activations of products with integer weights that are best quantized together: of a token,
    /// or for weights in groups, as those; `nil` where weights are no integers.
    var quantizationGroup: Int? {
        guard case .converted(_, let weights) = self,
            case .integers(let integers) = weights.storage
        else { return nil }
        return integers.groupLength(columns: 768)
    }

    /// Lets go of what was read of the checkpoint's files.
    func releasePages() {
        if case .checkpoint(let factory) = self { factory.source.checkpoint.region.releasePages() }
    }

    func read(_ part: ModelPart, with core: Core) throws -> Model {
        switch self {
        case .converted(let folder, _):
            return try core.readModel(at: folder.appending(path: "\(part.rawValue).xml"))
        case .checkpoint(let factory):
            let region = factory.source.checkpoint.region
            let xml = try factory.graph(part).ir { constant in
                switch constant.bytes {
                case .inBlob(let offset, _): offset
                case .literal(let bytes): try region.append(bytes)
                case .produced(_, let make): try region.append(try make())
                }
            }
            // Made after the graph: its literals lie behind the checkpoint's files.
            let weights = try Tensor(
                memory: region.base, elementType: .u8, shape: [region.base.count], owner: region)
            return try core.readModel(xml: xml, weights: weights)
        }
    }
}
