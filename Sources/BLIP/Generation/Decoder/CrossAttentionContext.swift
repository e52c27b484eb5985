import OpenVINO

/// What text attends to, as keys and values of every layer: a picture, or a question about it.
///
/// Keys are [batch, heads, width, context], values [batch, heads, context, width]. Where shapes are fixed they may
/// have rows of padding behind those that count.
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
    ///   - allocated: rows that the model takes; `nil` for any number.
    init(
        of states: Tensor, lengths: [Int]? = nil, allocating allocated: Int? = nil,
        with model: CompiledModel, layerCount: Int
    ) throws {
        // A request of its own, whose outputs live on as the context's memory: nothing is copied.
        let request = try model.makeInferRequest()
        try request.setInput(PortName.states, states.padded(toRows: allocated ?? 0))
        try request.infer()
        keys = try (0..<layerCount).map { try request.output(PortName.contextKeys($0)) }
        values = try (0..<layerCount).map { try request.output(PortName.contextValues($0)) }
        let batch = states.shape.first ?? 0
        width = states.shape.dropFirst().first ?? 0
        self.lengths = lengths ?? [Int](repeating: width, count: batch)
    }

    /// Rows that were computed before, one after another: in memory of their own only where they are
    /// neither a single one nor all of one computation in its order.
    ///
    /// - Parameter rows: at least one, all of one width.
    init(joining rows: [Row]) throws {
        guard let first = rows.first else {
            throw BlipError(.invalidOption, "A text needs a picture to attend to")
        }
        let isWhole =
            rows.map(\.index) == Array(first.context.lengths.indices)
            && rows.allSatisfy { $0.context.sharesMemory(with: first.context) }
        if isWhole {
            self = first.context
            return
        }
        let joined = { (tensors: KeyPath<Self, [Tensor]>) in
            try first.context[keyPath: tensors].indices.map { layer in
                try Tensor.joining(
                    rows.map {
                        try $0.context[keyPath: tensors][layer].rows($0.index..<$0.index + 1)
                    })
            }
        }
        keys = try joined(\.keys)
        values = try joined(\.values)
        lengths = rows.map { $0.context.lengths[$0.index] }
        width = first.context.width
    }

    /// The type of keys and values.
    var elementType: ElementType? { keys.first?.elementType }

    private func sharesMemory(with other: Self) -> Bool {
        zip(keys, other.keys).allSatisfy { $0 === $1 }
    }

    /// One picture's keys and values among those that were computed together.
    struct Row {
        let context: CrossAttentionContext
        let index: Int

        /// Its part of the memory that those have together.
        var byteCount: Int {
            let all = (context.keys + context.values).reduce(0) { $0 + $1.byteCount }
            return all / max(1, context.keys.first?.shape.first ?? 1)
        }

        /// The row in memory of its own, which outlives the others.
        func separated() throws -> Row {
            var own = context
            own.keys = try context.keys.map { try $0.selecting([index]) }
            own.values = try context.values.map { try $0.selecting([index]) }
            own.lengths = [context.lengths[index]]
            return Row(context: own, index: 0)
        }
    }

    /// Gives a request its context.
    ///
    /// - Parameter allocated: rows that the request takes; `nil` for any number.
    func bind(to request: InferRequest, allocating allocated: Int? = nil) throws {
        let (keys, values) = (
            try keys.map { try rows($0, allocated) }, try values.map { try rows($0, allocated) }
        )
        for (layer, (keys, values)) in zip(keys, values).enumerated() {
            try request.setInput(PortName.contextKeys(layer), keys)
            try request.setInput(PortName.contextValues(layer), values)
        }
    }

    private func rows(_ tensor: Tensor, _ allocated: Int?) throws -> Tensor {
        guard let allocated else { return try tensor.firstRows(lengths.count) }
        return try (tensor.shape.first ?? 0) > allocated
            ? tensor.firstRows(allocated) : tensor.padded(toRows: allocated)
    }

    /// What is added to the scores to leave out padding, shape [batch, 1, 1, context].
    ///
    /// - Parameter allocated: rows that the mask has; `nil` for those that count.
    func mask(allocating allocated: Int? = nil) throws -> Tensor {
        let count = max(lengths.count, allocated ?? 0)
        let rows = (lengths + [Int](repeating: width, count: count - lengths.count))
            .flatMap { length in (0..<width).map { $0 < length ? 0 : maskedScore } }
        return try Tensor(rows, shape: [count, 1, 1, width])
    }

    /// Follows the sequences where each has a row of its own; one picture's single row serves all.
    ///
    /// - Parameter allocated: rows that keys and values then have; `nil` for as many as are kept.
    mutating func keepRows(_ rows: [Int], allocating allocated: Int? = nil) throws {
        guard lengths.count > 1 else { return }
        keys = try keys.map { try $0.selecting(rows, allocating: allocated) }
        values = try values.map { try $0.selecting(rows, allocating: allocated) }
        lengths = rows.map { lengths[$0] }
    }
}

/// Added to a score, it leaves nothing of it after the softmax, in every precision, and is a number in each: beyond
/// 65,504 it were none at f16, nor were what a row of nothing else makes of it.
let maskedScore: Float = -1e4
