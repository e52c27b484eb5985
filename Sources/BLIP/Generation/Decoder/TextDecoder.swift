import OpenVINO

/// The text decoder with its KV cache: the language model that a search asks for the next token.
struct TextDecoder: NextTokenModel {
    private let configuration: TextConfiguration
    private let stateType: ElementType
    private let request: InferRequest
    private let infer: (InferRequest) throws -> Void
    private var context: CrossAttentionContext
    /// Which row of the given context each sequence attends to; empty where all share one.
    private var contextRows: [Int]
    private var cache: KeyValueCache?
    private var step: Step?

    /// What a step reads and writes besides cache and context. Its shape stays the same for most
    /// steps, so that the request is given it once.
    private struct Step {
        let rowCount: Int
        let tokenCount: Int
        let ids: Tensor
        let positions: Tensor
        let mask: Tensor
        let new: [KeyValueCache.Layer]
    }

    init(
        _ model: CompiledModel, context: CrossAttentionContext, stateType: ElementType,
        configuration: TextConfiguration, infer: @escaping (InferRequest) throws -> Void
    ) throws {
        self.infer = infer
        self.configuration = configuration
        self.stateType = stateType
        self.context = context
        contextRows = context.lengths.count > 1 ? Array(context.lengths.indices) : []
        request = try model.makeInferRequest()
        try bindContext()
    }

    private func bindContext() throws {
        try context.bind(to: request)
        try request.setInput(PortName.contextMask, context.mask())
    }

    mutating func logits(appending tokens: [[Int]]) throws -> [[Float]] {
        var cache =
            try self.cache
            ?? KeyValueCache(rows: tokens.count, type: stateType, configuration)
        let count = tokens.first?.count ?? 0
        let step = try bound(rows: tokens.count, tokens: count, cache)
        try step.ids.withMutableElements(as: Int64.self) { ids in
            for (index, token) in tokens.joined().enumerated() where index < ids.count {
                ids[index] = Int64(token)
            }
        }
        try step.positions.withMutableElements(as: Int64.self) { positions in
            for index in positions.indices { positions[index] = Int64(cache.length + index) }
        }
        try step.mask.withMutableElements(as: Float.self) {
            fillMask($0, tokens: count, cache)
        }
        try infer(request)
        let capacity = cache.capacity
        try cache.append(step.new, tokens: count)
        if cache.capacity != capacity { self.step = nil }
        self.cache = cache
        return try request.output(PortName.logits).withElements(as: Float.self) { logits in
            let size = logits.count / max(tokens.count, 1)
            // The graph of a converted folder is a file that others may have written.
            guard size == configuration.vocabularySize else {
                throw BlipError(
                    .wrongTensor,
                    "The text decoder gave \(size) logits, and config.json wants "
                        + "\(configuration.vocabularySize); convert the checkpoint again")
            }
            return tokens.indices.map { Array(logits[$0 * size..<($0 + 1) * size]) }
        }
    }

    mutating func keepRows(_ rows: [Int]) throws {
        // Beams often stay where they are; then the request keeps all that it was given.
        if let cache, rows == Array(0..<cache.rowCount) { return }
        // Beams change places within their picture's rows, which all hold the same context: it is
        // copied only when sequences leave.
        let kept = contextRows.isEmpty ? [] : rows.map { contextRows[$0] }
        if kept != contextRows {
            contextRows = kept
            try context.keepRows(rows)
            try bindContext()
        }
        try cache?.keepRows(rows)
        step = nil
    }

    /// The step of that shape, given to the request together with the cache.
    private mutating func bound(rows: Int, tokens: Int, _ cache: KeyValueCache) throws -> Step {
        if let step, step.rowCount == rows, step.tokenCount == tokens { return step }
        let step = Step(
            rowCount: rows, tokenCount: tokens,
            ids: try Tensor(.i64, shape: [rows, tokens]),
            positions: try Tensor(.i64, shape: [1, tokens]),
            mask: try Tensor(.f32, shape: [1, 1, tokens, cache.capacity + tokens]),
            new: try cache.layers.map { _ in try cache.emptyLayer(tokens: tokens) })
        try request.setInput(PortName.inputIDs, step.ids)
        try request.setInput(PortName.positionIDs, step.positions)
        try request.setInput(PortName.selfMask, step.mask)
        for (index, layer) in cache.layers.enumerated() {
            try request.setInput(PortName.pastKeys(index), layer.keys)
            try request.setInput(PortName.pastValues(index), layer.values)
            try request.setOutput(PortName.newKeys(index), step.new[index].keys)
            try request.setOutput(PortName.newValues(index), step.new[index].values)
        }
        self.step = step
        return step
    }

    /// Every token sees the past, those before it and itself: shape [1, 1, tokens, capacity +
    /// tokens].
    private func fillMask(
        _ mask: UnsafeMutableBufferPointer<Float>, tokens: Int, _ cache: KeyValueCache
    ) {
        let width = cache.capacity + tokens
        for row in 0..<tokens {
            for column in 0..<width {
                let isPast = column < cache.length
                let isNew = column >= cache.capacity && column - cache.capacity <= row
                mask[row * width + column] = isPast || isNew ? 0 : maskedScore
            }
        }
    }
}
