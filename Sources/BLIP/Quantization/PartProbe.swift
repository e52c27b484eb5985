import Foundation
import OpenVINO

/// One of a model's graphs on the processor at f32, for a look at all that it puts out.
struct PartProbe {
    private let request: InferRequest

    /// Runs on the checkpoint's own weights.
    init(_ part: ModelPart, of factory: GraphFactory, inputs: ProductInputs) throws {
        var probing = factory
        probing.storage = .asStored
        probing.inputs = inputs
        let files = try ModelSource.checkpoint(probing).files(of: part)
        request = try Self.request(files.model(with: Core.shared))
        files.region.releasePages()
    }

    /// Runs what a converter would write.
    init(
        _ part: ModelPart, writing factory: GraphFactory, inputs: [String: QuantizedInput]
    ) throws {
        var written = factory
        written.inputs = .quantized(inputs)
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "swift-blip-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let name = part.rawValue
        try written.graph(part).write(
            to: folder, named: name, blob: factory.source.checkpoint.region.base)
        request = try Self.request(
            Core.shared.readModel(at: folder.appending(path: "\(name).xml")))
        factory.source.checkpoint.region.releasePages()
    }

    private static func request(_ model: Model) throws -> InferRequest {
        try Core.shared.compile(
            model, for: "CPU",
            properties: [
                .performanceHint(.latency), .inferencePrecision(.f32),
                .dynamicQuantizationGroupSize(0),
            ]
        ).makeInferRequest()
    }

    /// All outputs by name, which hold until the next call.
    func outputs(of inputs: [String: Tensor]) throws -> [String: Tensor] {
        for (name, tensor) in inputs { try request.setInput(name, tensor) }
        try request.infer()
        return try request.compiledModel.outputs.reduce(into: [:]) { outputs, port in
            outputs[port.name] = try request.output(port.name)
        }
    }
}
