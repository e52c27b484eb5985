internal import BLIP
import BlipCheckpoint
import Foundation
import OpenVINO

/// One of a model's graphs on the processor at f32, for a look at all that it puts out.
struct PartProbe {
    private let model: CompiledModel
    /// The checkpoint's, whose pages writing, compiling or the first inference read.
    private let region: WeightRegion

    /// Runs on the checkpoint's own weights.
    init(
        _ part: ModelPart, of factory: GraphFactory, putting ranges: PassPipeline.Ranges
    ) throws {
        // Half the memory for weights of 16 bits. The vision model is none: it has a convolution.
        let passes = PassPipeline(ranges: ranges, marksLanguageModel: part != .vision)
        region = factory.region
        model = try releasingPages(by: region.releasePages) {
            try Self.compiled(
                ModelSource.checkpoint(factory).graph(of: part, passes).model(with: Core.shared))
        }
    }

    /// Runs what a converter would write.
    init(
        _ part: ModelPart, writing factory: GraphFactory, _ rounding: PassPipeline.Rounding
    ) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "swift-blip-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let name = part.rawValue
        let graph = try factory.graph(part)
        try graph.apply(PassPipeline(rounding: rounding).passes)
        try graph.write(to: folder, named: name, blob: factory.region.base)
        model = try Self.compiled(
            Core.shared.readModel(at: folder.appending(path: "\(name).xml")))
        region = factory.region
        region.releasePages()
    }

    private static func compiled(_ model: Model) throws -> CompiledModel {
        try Core.shared.compile(
            model, for: "CPU",
            properties: [
                .performanceHint(.latency), .inferencePrecision(.f32),
                .dynamicQuantizationGroupSize(0),
            ])
    }

    /// All outputs by name.
    func outputs(of inputs: [String: Tensor]) throws -> [String: Tensor] {
        // A request of its own, whose outputs live on, with its inputs, for as long as they are held.
        let request = try model.makeInferRequest()
        for (name, tensor) in inputs { try request.setInput(name, tensor) }
        try releasingPages(by: region.releasePages, during: request.infer)
        return try model.outputs.reduce(into: [:]) { outputs, port in
            outputs[port.name] = try request.output(port.name)
        }
    }
}
