import OpenVINO

/// The text decoder with its KV cache: the language model that a search asks for the next token.
struct TextDecoder: NextTokenModel {
    private let configuration: TextConfiguration
    private let stateType: ElementType
    private let fixesShapes: Bool
    private let makeRequest: (PartSizes) throws -> InferRequest
    private let infer: (PartSizes, InferRequest) throws -> Void
    /// The request that runs the steps of these sizes; of no matter where shapes are open.
    private var bound: (request: InferRequest, sizes: PartSizes)?
    private var isContextBound = false
    private var context: CrossAttentionContext
    /// Which row of the given context each sequence attends to; empty where all share one.
    private var contextRows: [Int]
    private var cache: KeyValueCache?
    private var step: Step?

    /// What a step reads and writes besides cache and context. Its shape stays the same for most
    /// steps, so that the request is given it once.
    private struct Step {
        let sizes: PartSizes
        let ids: Tensor
        let positions: Tensor
        let mask: Tensor
        let new: [KeyValueCache.Layer]
    }

    /// - Parameters:
    ///   - makeRequest: makes a request for steps of some sizes.
    ///   - infer: runs it.
    init(
        context: CrossAttentionContext, stateType: ElementType, fixesShapes: Bool,
        configuration: TextConfiguration,
        makeRequest: @escaping (PartSizes) throws -> InferRequest,
        infer: @escaping (PartSizes, InferRequest) throws -> Void
    ) {
        self.fixesShapes = fixesShapes
        self.makeRequest = makeRequest
        self.infer = infer
        self.configuration = configuration
        self.stateType = stateType
        self.context = context
        contextRows = context.lengths.count > 1 ? Array(context.lengths.indices) : []
    }

    /// The request for a step's sizes, which has its context.
    private mutating func request(_ sizes: PartSizes) throws -> InferRequest {
        let request: InferRequest
        if let bound, !fixesShapes || bound.sizes == sizes {
            request = bound.request
        } else {
            request = try makeRequest(sizes)
            bound = (request, sizes)
            isContextBound = false
        }
        if !isContextBound {
            let rows = fixesShapes ? sizes.contextBatch : nil
            try context.bind(to: request, allocating: rows)
            try request.setInput(PortName.contextMask, context.mask(allocating: rows))
            isContextBound = true
        }
        return request
    }

    mutating func logits(appending tokens: [[Int]]) throws -> [[Float]] {
        var cache =
            try self.cache
            ?? KeyValueCache(
                rows: tokens.count, type: stateType, fixesShapes: fixesShapes, configuration)
        let count = tokens.first?.count ?? 0
        let (step, request) = try step(tokens: count, cache)
        // The last token's logits are what comes out: padding stands before the others.
        let padding = step.sizes.tokens - count
        try step.ids.withMutableElements(as: Int64.self) { ids in
            ids.update(repeating: 0)
            for (row, tokens) in tokens.enumerated() {
                for (index, token) in tokens.enumerated() {
                    let place = row * step.sizes.tokens + padding + index
                    if place < ids.count { ids[place] = Int64(token) }
                }
            }
        }
        try step.positions.withMutableElements(as: Int64.self) { positions in
            for index in positions.indices {
                positions[index] = index < padding ? 0 : Int64(cache.length + index - padding)
            }
        }
        try step.mask.withMutableElements(as: Float.self) {
            fillMask($0, tokens: step.sizes.tokens, padding: padding, cache)
        }
        try infer(step.sizes, request)
        let capacity = cache.capacity
        try cache.append(step.new, tokens: count)
        if cache.capacity != capacity { self.step = nil }
        self.cache = cache
        return try request.output(PortName.logits).withElements(as: Float.self) { logits in
            let size = logits.count / max(step.sizes.batch, 1)
            // The graph of a converted folder is a file that others may have written.
            guard size == configuration.vocabularySize else {
                throw BlipError(
                    .wrongTensor,
                    "The text decoder gave \(size) logits, and config.json wants "
                        + "\(configuration.vocabularySize); convert the checkpoint again")
            }
            let rows = tokens.indices.map { Array(logits[$0 * size..<($0 + 1) * size]) }
            guard !rows.contains(where: { $0.contains(where: \.isNaN) }) else {
                throw BlipError.notNumbers
            }
            return rows
        }
    }

    mutating func keepRows(_ rows: [Int]) throws {
        // Beams often stay where they are; then the request keeps all that it was given.
        if let cache, rows == Array(0..<cache.rowCount) { return }
        // Beams change places within their picture's rows, which all hold the same context: it is
        // copied only when sequences leave.
        let kept = contextRows.isEmpty ? [] : rows.map { contextRows[$0] }
        try cache?.keepRows(rows)
        if kept != contextRows {
            contextRows = kept
            try context.keepRows(rows, allocating: fixesShapes ? cache?.allocatedRows : nil)
            isContextBound = false
        }
        step = nil
    }

    /// The step of that shape, given to its request together with the cache.
    private mutating func step(
        tokens count: Int, _ cache: KeyValueCache
    ) throws -> (Step, InferRequest) {
        let (rows, tokens) = (
            cache.allocatedRows, fixesShapes ? ShapeBuckets.stepTokens(count) : count
        )
        let sizes = PartSizes(
            batch: rows, tokens: tokens, past: cache.capacity, context: context.width,
            contextBatch: context.lengths.count > 1 ? rows : 1)
        let request = try request(sizes)
        if let step, step.sizes == sizes { return (step, request) }
        let step = Step(
            sizes: sizes,
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
        return (step, request)
    }

    /// Every token sees the past, those before it and itself, but no padding: shape [1, 1, tokens, capacity +
    /// tokens].
    private func fillMask(
        _ mask: UnsafeMutableBufferPointer<Float>, tokens: Int, padding: Int, _ cache: KeyValueCache
    ) {
        let width = cache.capacity + tokens
        for row in 0..<tokens {
            for column in 0..<width {
                let isPast = column < cache.length
                let new = column - cache.capacity
                let isNew = new >= padding && new <= row
                mask[row * width + column] = isPast || isNew ? 0 : maskedScore
            }
        }
    }
}
