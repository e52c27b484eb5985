import OpenVINO

/// What text attends to, as keys and values of every layer: a picture, or a question about it.
///
/// Keys are [batch, heads, width, context], values [batch, heads, context, width].
struct CrossAttentionContext {
    private(set) var keys: [Tensor]
    private(set) var values: [Tensor]
    /// The tokens of each row that count; what lies behind them is padding.
    private(set) var lengths: [Int]
    /// Tokens of the context, padding included.
    let width: Int

    /// Computes them with one of the two context graphs.
    ///
    /// - Parameters:
    ///   - states: shape [batch, context, width].
    ///   - lengths: the tokens of each row that count; `nil` for all.
    init(
        of states: Tensor, lengths: [Int]? = nil, with model: CompiledModel, layerCount: Int
    ) throws {
        // A request of its own, whose outputs live on as the context's memory: nothing is copied.
        let request = try model.makeInferRequest()
        try request.setInput(PortName.states, states)
        try request.infer()
        keys = try (0..<layerCount).map { try request.output(PortName.contextKeys($0)) }
        values = try (0..<layerCount).map { try request.output(PortName.contextValues($0)) }
        let batch = states.shape.first ?? 0
        width = states.shape.dropFirst().first ?? 0
        self.lengths = lengths ?? [Int](repeating: width, count: batch)
    }

    /// Gives a request its context.
    func bind(to request: InferRequest) throws {
        for (layer, (keys, values)) in zip(keys, values).enumerated() {
            try request.setInput(PortName.contextKeys(layer), keys)
            try request.setInput(PortName.contextValues(layer), values)
        }
    }

    /// What is added to the scores to leave out padding, shape [batch, 1, 1, context].
    func mask() throws -> Tensor {
        let rows = lengths.flatMap { length in
            (0..<width).map { $0 < length ? 0 : maskedScore }
        }
        return try Tensor(rows, shape: [lengths.count, 1, 1, width])
    }

    /// Follows the sequences where each has a row of its own; one picture's single row serves all.
    mutating func keepRows(_ rows: [Int]) throws {
        guard lengths.count > 1 else { return }
        keys = try keys.map { try $0.selecting(rows) }
        values = try values.map { try $0.selecting(rows) }
        lengths = rows.map { lengths[$0] }
    }
}

/// Added to a score, it leaves nothing of it after the softmax, in every precision.
let maskedScore: Float = -1e9
