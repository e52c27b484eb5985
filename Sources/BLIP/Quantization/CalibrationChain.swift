import OpenVINO

/// The parts whose products become products of integers, run one after another as the model runs
/// them: a picture, and texts about it.
struct CalibrationChain {
    /// Parts are told apart from what they are run on and what they put out.
    typealias Look = (ModelPart, _ inputs: [String: Tensor], _ outputs: [String: Tensor]) throws ->
        Void

    private let probes: [ModelPart: PartProbe]

    init(_ factory: GraphFactory, inputs: ProductInputs) throws {
        // The decoder's steps read few activations and many weights: they are left out.
        let parts = factory.availableParts.subtracting([.textDecoder])
        probes = try Dictionary(
            uniqueKeysWithValues: parts.map { ($0, try PartProbe($0, of: factory, inputs: inputs)) }
        )
    }

    /// - Parameters:
    ///   - pixels: shape [1, 3, height, width].
    ///   - texts: each as token ids.
    ///   - look: called after each part.
    func run(on pixels: Tensor, _ texts: [[Int]], look: Look) throws {
        func run(_ part: ModelPart, _ inputs: [String: Tensor]) throws -> [String: Tensor] {
            guard let outputs = try probes[part]?.outputs(of: inputs) else { return [:] }
            try look(part, inputs, outputs)
            return outputs
        }
        let seen = try run(.vision, [PortName.pixelValues: pixels])
        guard let embeddings = try seen[PortName.imageEmbeddings]?.copy() else { return }
        _ = try run(.decoderContext, [PortName.states: embeddings])
        guard probes[.textEncoder] != nil else { return }
        let context = try run(.encoderContext, [PortName.states: embeddings])
            .filter { $0.key.hasPrefix("cross_") }.mapValues { try $0.copy() }
        for text in texts {
            let inputs = try Self.inputs(of: text)
            _ = try run(.textProjection, inputs)
            let encoded = try run(.textEncoder, inputs.merging(context) { text, _ in text })
            // What the decoder attends to when it answers.
            if let states = try encoded[PortName.lastHiddenState]?.copy() {
                _ = try run(.decoderContext, [PortName.states: states])
            }
        }
    }

    private static func inputs(of text: [Int]) throws -> [String: Tensor] {
        let (ids, count) = (text.map(Int64.init), text.count)
        return [
            PortName.inputIDs: try Tensor(ids, shape: [1, count]),
            PortName.positionIDs: try Tensor((0..<count).map(Int64.init), shape: [1, count]),
            PortName.selfMask: try Tensor(
                [Float](repeating: 0, count: count), shape: [1, 1, 1, count]),
        ]
    }
}
