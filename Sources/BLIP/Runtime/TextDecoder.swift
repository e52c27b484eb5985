import OpenVINO

/// The text decoder with its KV cache: the language model that a search asks for the next token.
struct TextDecoder: NextTokenModel {
    private let configuration: TextConfiguration
    private let stateType: ElementType
    private var context: CrossAttentionContext
    /// Two requests in turn: what one put out is the other's past, and nothing is copied. (A
    /// request must not read what it is about to overwrite.)
    private let requests: [InferRequest]
    private var turn = 0
    private var pastLength = 0
    private var past: [KeyValueTensors] = []
    private var rowCount = 0
    /// Which row of the given context each sequence attends to; empty where all share one.
    private var contextRows: [Int]

    private struct KeyValueTensors {
        let keys: Tensor
        let values: Tensor
    }

    init(
        _ model: CompiledModel, context: CrossAttentionContext, stateType: ElementType,
        configuration: TextConfiguration
    ) throws {
        self.configuration = configuration
        self.stateType = stateType
        self.context = context
        contextRows = context.lengths.count > 1 ? Array(context.lengths.indices) : []
        requests = try (0..<2).map { _ in try model.makeInferRequest() }
        try bindContext()
    }

    private func bindContext() throws {
        for request in requests {
            try context.bind(to: request)
            try request.setInput(PortName.contextMask, context.mask())
        }
    }

    mutating func logits(appending tokens: [[Int]]) throws -> [[Float]] {
        let count = tokens.first?.count ?? 0
        if past.isEmpty {
            rowCount = tokens.count
            past = try emptyCache()
        }
        let request = requests[turn]
        let ids = tokens.flatMap { $0.map(Int64.init) }
        try request.setInput(PortName.inputIDs, Tensor(ids, shape: [tokens.count, count]))
        let positions = (pastLength..<pastLength + count).map(Int64.init)
        try request.setInput(PortName.positionIDs, Tensor(positions, shape: [1, count]))
        try request.setInput(PortName.selfMask, causalMask(count))
        for (layer, cache) in past.enumerated() {
            try request.setInput(PortName.pastKeys(layer), cache.keys)
            try request.setInput(PortName.pastValues(layer), cache.values)
        }
        try request.infer()
        past = try past.indices.map {
            KeyValueTensors(
                keys: try request.output(PortName.presentKeys($0)),
                values: try request.output(PortName.presentValues($0)))
        }
        pastLength += count
        turn = 1 - turn
        return try request.output(PortName.logits).withElements(as: Float.self) { logits in
            let size = logits.count / max(rowCount, 1)
            return (0..<rowCount).map { Array(logits[$0 * size..<($0 + 1) * size]) }
        }
    }

    mutating func keepRows(_ rows: [Int]) throws {
        rowCount = rows.count
        // Beams change places within their picture's rows, which all hold the same context: it is
        // copied only when sequences leave.
        let kept = contextRows.isEmpty ? [] : rows.map { contextRows[$0] }
        if kept != contextRows {
            contextRows = kept
            try context.keepRows(rows)
            try bindContext()
        }
        past = try past.map {
            KeyValueTensors(
                keys: try $0.keys.selecting(rows), values: try $0.values.selecting(rows))
        }
    }

    private func emptyCache() throws -> [KeyValueTensors] {
        let heads = Heads(count: configuration.headCount, of: configuration.hiddenSize)
        let shape = [rowCount, heads.count, 0, heads.width]
        return try (0..<configuration.layerCount).map { _ in
            KeyValueTensors(
                keys: try Tensor(stateType, shape: shape),
                values: try Tensor(stateType, shape: shape))
        }
    }

    /// Every token sees the past, those before it and itself: shape [1, 1, tokens, past + tokens].
    private func causalMask(_ count: Int) throws -> Tensor {
        let width = pastLength + count
        var mask = [Float](repeating: 0, count: count * width)
        for row in 0..<count {
            for column in (pastLength + row + 1)..<max(width, pastLength + row + 1) {
                mask[row * width + column] = maskedScore
            }
        }
        return try Tensor(mask, shape: [1, 1, count, width])
    }
}
