import BlipCheckpoint
package import Foundation
import ModelGraph
package import OpenVINO

/// Where the graphs of a model come from.
package enum ModelSource: Sendable {
    /// A checkpoint, whose mapped bytes are the weights, or are rounded to them.
    case checkpoint(GraphFactory, weights: WeightFormat? = nil)
    /// IR files that a converter wrote to a folder, which are in it or, while they take their places, in
    /// a hidden one.
    case converted(folder: URL, weights: WeightFormat)

    /// Activations of products with integer weights that are best quantized together, as many as a
    /// base-size layer's input has, or for weights in groups, as those; `nil` where weights are no
    /// integers.
    var quantizationGroup: Int? {
        weights?.integers?.groupLength(columns: 768)
    }

    /// What weights were, or are, rounded to; `nil` for a checkpoint's as they are.
    private var weights: WeightFormat? {
        switch self {
        case .converted(_, let weights): weights
        case .checkpoint(_, let weights): weights
        }
    }

    /// What a checkpoint's weights are rounded to when it is loaded; `nil` for those of its files.
    var rounding: WeightFormat? {
        if case .checkpoint(_, let weights) = self { weights } else { nil }
    }

    /// Whether graphs round a checkpoint's weights, which takes seconds.
    var rounds: Bool { rounding != nil }

    /// Tells apart what is compiled of the same checkpoint, by what its weights are rounded to and how: the
    /// number is raised when passes round in another way.
    var roundingID: String { rounding.map { "\($0.rawValue) 1" } ?? "" }

    /// The same without that.
    var unrounded: ModelSource {
        if case .checkpoint(let factory, _) = self { .checkpoint(factory) } else { self }
    }

    /// Whether matrices are of 16 bits; a file may hold tables of integers beside them.
    var hasHalfWeights: Bool {
        if let weights { return weights == .f16 }
        guard case .checkpoint(let factory, _) = self else { return false }
        return !factory.source.tensors.values.contains {
            $0.shape.count == 2 && $0.dataType == .f32
        }
    }

    /// Lets go of a checkpoint's pages in memory; a converted folder's parts have their own.
    func releasePages() {
        if case .checkpoint(let factory, _) = self { factory.region.releasePages() }
    }

    /// A part's graph, built or read, behind the passes.
    package func graph(of part: ModelPart, _ passes: PassPipeline = .init()) throws -> PartGraph {
        switch self {
        case .converted(let folder, let weights):
            let files = try Self.files(in: folder, weights)
            let graph = Result { try Self.graph(of: part, in: files, passes) }
            // They, or another conversion's, may have taken their places meanwhile.
            let now = try Self.files(in: folder, weights)
            return try now == files ? graph.get() : Self.graph(of: part, in: now, passes)
        case .checkpoint(let factory, let weights):
            let graph = try factory.graph(part)
            var passes = passes
            passes.rounding = weights.map {
                .init(weights: RoundWeights(integers: $0.integers, region: factory.region))
            }
            try graph.apply(passes.passes(for: part, in: factory.region))
            return PartGraph(
                graph: graph, region: factory.region, merged: factory.source.merged,
                isRounded: weights != nil)
        }
    }

    /// Where a converted folder's files are at the moment.
    private static func files(in folder: URL, _ weights: WeightFormat) throws -> URL {
        guard let (manifest, files) = try ConversionManifest.found(in: folder) else {
            return folder
        }
        guard manifest.weights == weights else {
            throw BlipError(
                .invalidConfiguration,
                "\(folder.path) holds another model than when it was opened; open it again")
        }
        return files
    }

    /// A part's graph, read from its files.
    private static func graph(
        of part: ModelPart, in folder: URL, _ passes: PassPipeline
    ) throws -> PartGraph {
        let file = folder.appending(path: "\(part.rawValue).xml")
        guard let ir = try? String(contentsOf: file, encoding: .utf8) else {
            throw BlipError(
                .invalidConfiguration,
                "\(file.path) is not there or cannot be read, and is a part of the model; copy "
                    + "the folder again or convert the checkpoint again")
        }
        let weights = folder.appending(path: "\(part.rawValue).bin")
        let region = try WeightRegion(mapping: [weights], arenaCapacity: 1 << 24)
        do {
            let graph = try Graph(reading: ir)
            try graph.apply(passes.passes(for: part, in: region))
            return PartGraph(graph: graph, region: region, file: weights)
        } catch let error as GraphError {
            throw BlipError(
                .invalidConfiguration,
                "\(file.path) is no graph that this program wrote; convert the checkpoint again "
                    + "(\(error))")
        }
    }
}

/// A part as OpenVINO reads it.
package struct PartGraph {
    /// The graph, whose constants lie in the region, or are put there.
    let graph: Graph
    /// The weights.
    let region: WeightRegion
    /// The file of a converted folder that they lie in.
    var file: URL?
    /// What was merged into the weights, as ``TensorSource/merged``.
    var merged: [String] = []
    /// Whether its weights are others than the region's, and are placed in memory of their own, which goes with
    /// the model.
    var isRounded = false

    package func model(with core: Core) throws -> Model {
        let source = self.region
        let region =
            isRounded ? try WeightRegion(mapping: [], arenaCapacity: graph.placedBytes) : source
        let xml = try graph.ir { constant in
            switch constant.bytes {
            case .inBlob(let offset, let byteCount):
                try check(offset, byteCount)
                guard isRounded else { return offset }
                return try region.append(
                    UnsafeRawBufferPointer(rebasing: source.base[offset..<offset + byteCount]))
            case .literal(let bytes): return try region.appendOnce(bytes)
            case .produced(_, let make): return try region.append(try make())
            }
        }
        // Made after the graph: its literals lie behind the checkpoint's files.
        // Looked at once: other parts' literals may be appended meanwhile.
        let bytes = region.base
        let weights = try Tensor(
            memory: bytes, elementType: .u8, shape: [bytes.count], owner: region)
        do {
            return try core.readModel(xml: xml, weights: weights)
        } catch {
            guard let file else { throw error }
            throw Self.mismatch(file, "\(error)")
        }
    }

    /// Behind a file's end lie zeros, up to the end of its last page, which OpenVINO would take for weights.
    private func check(_ offset: Int, _ byteCount: Int) throws(BlipError) {
        guard let file, let length = region.files.first?.byteCount, offset > length - byteCount
        else { return }
        throw Self.mismatch(file, "the file has \(length) bytes")
    }

    private static func mismatch(_ file: URL, _ reason: String) -> BlipError {
        BlipError(
            .invalidConfiguration,
            "\(file.path) and its .xml do not belong together, or one is cut off; copy the folder or "
                + "convert the checkpoint again (\(reason))")
    }

    /// What the part is: the same only where graph and weights are.
    ///
    /// Where literals lie in a region differs from run to run; what they are does not.
    var contents: String {
        var literals: [[UInt8]] = []
        let ir = graph.ir { constant in
            switch constant.bytes {
            case .inBlob(let offset, _): return offset
            case .literal(let bytes): literals.append(bytes)
            case .produced: break
            }
            return literals.count
        }
        let stamps = region.files.map { "\($0.name) \($0.stamp)" }
        return "\(ir)\(literals)" + (stamps + merged).joined(separator: "\n")
    }
}

extension Graph {
    /// What all constants take, each where a region begins it.
    fileprivate var placedBytes: Int {
        operations.reduce(0) { sum, node in
            sum + (node.constant.map { $0.bytes.byteCount + WeightRegion.alignment } ?? 0)
        }
    }
}
