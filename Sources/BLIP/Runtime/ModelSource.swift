import Checkpoint
import Foundation
import ModelGraph
import OpenVINO

/// Where the graphs of a model come from.
enum ModelSource: Sendable {
    /// A checkpoint, whose mapped bytes are the weights.
    case checkpoint(GraphFactory)
    /// IR files that ``BlipConverter`` wrote.
    case converted(folder: URL, weights: BlipConverter.Weights)

    /// Activations of products with integer weights that are best quantized together, as many as a
    /// base-size layer's input has, or for weights in groups, as those; `nil` where weights are no
    /// integers.
    var quantizationGroup: Int? {
        guard case .converted(_, let weights) = self,
            case .integers(let integers) = weights.storage
        else { return nil }
        return integers.groupLength(columns: 768)
    }

    /// Whether matrices are of 16 bits; a file may hold tables of integers beside them.
    var hasHalfWeights: Bool {
        switch self {
        case .converted(_, let weights): weights == .f16
        case .checkpoint(let factory):
            !factory.source.tensors.values.contains {
                $0.shape.count == 2 && $0.dataType == .f32
            }
        }
    }

    /// A part as OpenVINO reads it.
    struct PartFiles {
        /// The graph, whose constants are offsets in the region.
        let ir: String
        /// The weights.
        let region: WeightRegion
        /// The file of a converted folder that they lie in.
        var file: URL?
        /// What the part is: the same only where graph and weights are. Costs writing the graph.
        let contents: () -> String

        /// - Parameter additions: what the graph is given beside its own operations.
        func model(with core: Core, adding additions: [any GraphAddition] = []) throws -> Model {
            // Made after the graph: its literals lie behind the checkpoint's files.
            // Looked at once: other parts' literals may be appended meanwhile.
            let bytes = region.base
            let weights = try Tensor(
                memory: bytes, elementType: .u8, shape: [bytes.count], owner: region)
            let xml = try additions.reduce(ir) { try $1.adding(to: $0) }
            do {
                return try core.readModel(xml: xml, weights: weights)
            } catch {
                guard let file else { throw error }
                throw BlipError(
                    .invalidConfiguration,
                    "\(file.path) and its .xml do not belong together, or one is cut off; copy the folder or "
                        + "convert the checkpoint again (\(error))")
            }
        }
    }

    /// Lets go of a checkpoint's pages in memory; a converted folder's parts have their own.
    func releasePages() {
        if case .checkpoint(let factory) = self { factory.source.checkpoint.region.releasePages() }
    }

    func files(of part: ModelPart) throws -> PartFiles {
        switch self {
        case .converted(let folder, _):
            let topology = folder.appending(path: "\(part.rawValue).xml")
            guard let ir = try? String(contentsOf: topology, encoding: .utf8) else {
                throw BlipError(
                    .invalidConfiguration,
                    "\(topology.path) is not there or cannot be read, and is a part of the model; copy "
                        + "the folder again or convert the checkpoint again")
            }
            let weights = folder.appending(path: "\(part.rawValue).bin")
            let region = try WeightRegion(mapping: [weights], arenaCapacity: 0)
            return PartFiles(ir: ir, region: region, file: weights) { ir + region.stamps }
        case .checkpoint(let factory):
            let region = factory.source.checkpoint.region
            let graph = try factory.graph(part)
            let ir = try graph.ir { constant in
                switch constant.bytes {
                case .inBlob(let offset, _): offset
                case .literal(let bytes): try region.append(bytes)
                case .produced(_, let make): try region.append(try make())
                }
            }
            let merged = factory.source.merged.joined(separator: "\n")
            return PartFiles(ir: ir, region: region) { graph.contents + region.stamps + merged }
        }
    }
}

extension Graph {
    /// Where literals lie in a region differs from run to run; what they are does not.
    fileprivate var contents: String {
        var literals: [[UInt8]] = []
        let ir = ir { constant in
            switch constant.bytes {
            case .inBlob(let offset, _): return offset
            case .literal(let bytes): literals.append(bytes)
            case .produced: break
            }
            return literals.count
        }
        return "\(ir)\(literals)"
    }
}

extension WeightRegion {
    fileprivate var stamps: String {
        files.map { "\($0.name) \($0.stamp)" }.joined(separator: "\n")
    }
}
