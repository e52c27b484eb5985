import OpenVINO

/// Runs the parts whose products become products of integers, one after another as the model runs
/// them, each over all that it is to see: so that no more of the model is in memory than a part, or
/// two.
struct CalibrationChain {
    /// Parts are told apart from what they are run on and what they put out.
    typealias Look = (ModelPart, _ inputs: [String: Tensor], _ outputs: [String: Tensor]) throws ->
        Void

    /// What parts behind the vision model are run on.
    struct Subject {
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
    ///   - next: the next picture's pixels; `nil` behind the last.
    ///   - look: called after each run.
    func see(_ next: () throws -> Tensor?, look: Look) throws {
        try with(.vision, look) { vision in
            while let pixels = try next() { _ = try vision.run([PortName.pixelValues: pixels]) }
        }
    }

    /// Runs all that reads what the vision model put out, and texts.
    func read(_ subjects: [Subject], look: Look) throws {
        let asked =
            factory.availableParts.contains(.textEncoder)
            ? try questions(about: subjects, look) : subjects.map { _ in [] }
        try with(.textProjection, look) { projection in
            for text in subjects.flatMap(\.texts) { _ = try projection.run(Self.inputs(of: text)) }
        }
        // The decoder's steps read few activations and many weights: they are left out. It attends to
        // pictures when it captions and to questions when it answers: both are among the first.
        let first = zip(subjects, asked).flatMap { [$0.embeddings] + $1.prefix(1) }
        try with(.decoderContext, look) { context in
            for states in first + asked.flatMap({ $0.dropFirst() }) {
                _ = try context.run([PortName.states: states])
            }
        }
    }

    /// The text encoder's states of every text, subject after subject.
    private func questions(about subjects: [Subject], _ look: Look) throws -> [[Tensor]] {
        var asked: [[Tensor]] = []
        try with(.textEncoder, look) { encoder in
            try with(.encoderContext, look) { context in
                for subject in subjects {
                    let context = try context.run([PortName.states: subject.embeddings])
                        .filter { $0.key.hasPrefix("cross_") }
                    let states = try subject.texts.map { text in
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

    /// A part, compiled, and who looks at what it does.
    private struct Running {
        let part: ModelPart
        let probe: PartProbe
        let look: Look

        func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
            try Task.checkCancellation()
            let outputs = try probe.outputs(of: inputs)
            try look(part, inputs, outputs)
            return outputs
        }
    }

    /// The part is compiled for as long as it is used.
    private func with(
        _ part: ModelPart, _ look: Look, use: (Running) throws -> Void
    ) throws {
        guard factory.availableParts.contains(part) else { return }
        try withoutActuallyEscaping(look) { look in
            let probe = try PartProbe(part, of: factory, putting: ranges)
            try use(Running(part: part, probe: probe, look: look))
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
