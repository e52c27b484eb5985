import Foundation
import ModelGraph
import OpenVINO

/// Where the graphs of a model come from.
enum ModelSource: Sendable {
    /// A checkpoint, whose mapped bytes are the weights.
    case checkpoint(GraphFactory)
    /// IR files that ``BlipConverter`` wrote.
    case converted(folder: URL, weights: BlipConverter.Weights)

    /// Whether products read integers, with scales, as their weights.
    var hasIntegerWeights: Bool {
        switch self {
        case .checkpoint, .converted(_, .f16): false
        case .converted(_, .int8), .converted(_, .int4): true
        }
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
