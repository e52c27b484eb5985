internal import BLIP
import OpenVINO

/// Runs the parts whose products become products of integers, one after another as the model runs
/// them, each over all that it is to see: so that no more of the model is in memory than a part, or
/// two.
struct CalibrationChain {
    /// Called after each run of a part.
    typealias RunHandler = (ModelPart, _ inputs: [String: Tensor], _ outputs: [String: Tensor])
        throws ->
        Void

    /// What parts behind the vision model are run on.
    struct Input {
        /// A copy of what the vision model puts out.
        let embeddings: Tensor
        /// Each as token ids.
        let texts: [[Int]]
    }

    let factory: GraphFactory
    /// What parts put out besides their own.
    let ranges: PassPipeline.Ranges

    /// Runs the vision model.
    ///
    /// - Parameters:
    ///   - nextPixels: the next picture's; `nil` behind the last.
    func runVision(_ nextPixels: () throws -> Tensor?, onRun: RunHandler) throws {
        try with(.vision, onRun) { vision in
            while let pixels = try nextPixels() {
                _ = try vision.run([PortName.pixelValues: pixels])
            }
        }
    }

    /// Runs all that reads what the vision model put out, and texts.
    func runTextParts(_ inputs: [Input], onRun: RunHandler) throws {
        let asked =
            factory.availableParts.contains(.textEncoder)
            ? try questions(about: inputs, onRun) : inputs.map { _ in [] }
        try with(.textProjection, onRun) { projection in
            for text in inputs.flatMap(\.texts) { _ = try projection.run(Self.inputs(of: text)) }
        }
        // The decoder's steps read few activations and many weights: they are left out. It attends to
        // pictures when it captions and to questions when it answers: both are among the first.
        let first = zip(inputs, asked).flatMap { [$0.embeddings] + $1.prefix(1) }
        try with(.decoderContext, onRun) { context in
            for states in first + asked.flatMap({ $0.dropFirst() }) {
                _ = try context.run([PortName.states: states])
            }
        }
    }

    /// The text encoder's states of every text, input after input.
    private func questions(about inputs: [Input], _ onRun: RunHandler) throws -> [[Tensor]] {
        var asked: [[Tensor]] = []
        try with(.textEncoder, onRun) { encoder in
            try with(.encoderContext, onRun) { context in
                for input in inputs {
                    let context = try context.run([PortName.states: input.embeddings])
                        .filter { $0.key.hasPrefix("cross_") }
                    let states = try input.texts.map { text in
                        let inputs = try Self.inputs(of: text).merging(context) { text, _ in text }
                        // A copy: what lives on of a request keeps its inputs too.
                        return try encoder.run(inputs)[PortName.lastHiddenState]?.copy()
                    }
                    asked.append(states.compactMap(\.self))
                }
            }
        }
        return asked
    }

    /// A compiled part.
    private struct ObservedPart {
        let part: ModelPart
        let probe: PartProbe
        let onRun: RunHandler

        func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
            try Task.checkCancellation()
            let outputs = try probe.outputs(of: inputs)
            try onRun(part, inputs, outputs)
            return outputs
        }
    }

    /// The part is compiled for as long as it is used.
    private func with(
        _ part: ModelPart, _ onRun: RunHandler, use: (ObservedPart) throws -> Void
    ) throws {
        guard factory.availableParts.contains(part) else { return }
        try withoutActuallyEscaping(onRun) { onRun in
            let probe = try PartProbe(part, of: factory, putting: ranges)
            try use(ObservedPart(part: part, probe: probe, onRun: onRun))
        }
        ProcessMemory.releaseFreed()
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
