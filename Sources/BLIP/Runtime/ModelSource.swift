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
        if case .converted(_, .int8) = self { true } else { false }
    }

    /// Lets go of what was read of the checkpoint's files.
    func releasePages() {
        if case .checkpoint(let factory) = self { factory.source.checkpoint.region.releasePages() }
    }

    /// - Parameter added: outputs that the graph is given beside its own.
    func read(_ part: ModelPart, with core: Core, adding added: LayerOutputs? = nil) throws -> Model
    {
        switch self {
        case .converted(let folder, _):
            let file = folder.appending(path: "\(part.rawValue).xml")
            guard let added else { return try core.readModel(at: file) }
            let edited = FileManager.default.temporaryDirectory.appending(
                path: "swift-blip-\(UUID().uuidString).xml")
            defer { try? FileManager.default.removeItem(at: edited) }
            try added.adding(to: String(contentsOf: file, encoding: .utf8))
                .write(to: edited, atomically: true, encoding: .utf8)
            return try core.readModel(
                at: edited, weights: folder.appending(path: "\(part.rawValue).bin"))
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
            return try core.readModel(
                xml: added.map { try $0.adding(to: xml) } ?? xml, weights: weights)
        }
    }
}
