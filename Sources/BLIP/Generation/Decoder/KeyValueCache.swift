import OpenVINO

/// The decoder's KV cache: for each layer, keys and values of the tokens so far, with room for
/// more, each [rows, heads, capacity, width]; where shapes are fixed, of as many rows as the graph has.
///
/// Its shapes change only when it has to grow and when rows leave. What lies behind ``length`` is
/// zero; the mask leaves it out.
struct KeyValueCache {
    /// Tokens that it grows by: enough for a caption.
    static let block = 32

    struct Layer {
        let keys: Tensor
        let values: Tensor
    }

    private(set) var layers: [Layer] = []
    /// Tokens that are there.
    private(set) var length = 0
    /// Tokens that there is room for.
    private(set) var capacity = Self.block
    private(set) var rowCount: Int
    /// Rows that there is room for.
    private(set) var allocatedRows: Int
    private let fixesShapes: Bool
    private let layerCount: Int
    private let heads: Heads
    private let type: ElementType

    /// - Parameter fixesShapes: whether shapes are those of a few sizes.
    init(
        rows: Int, type: ElementType, fixesShapes: Bool = false, _ configuration: TextConfiguration
    ) throws {
        rowCount = rows
        self.fixesShapes = fixesShapes
        allocatedRows = fixesShapes ? ShapeBuckets.batch(rows) : rows
        layerCount = configuration.layerCount
        heads = Heads(count: configuration.headCount, of: configuration.hiddenSize)
        self.type = type
        layers = try (0..<layerCount).map { _ in try emptyLayer(tokens: capacity) }
    }

    /// A layer of zeros.
    func emptyLayer(tokens: Int) throws -> Layer {
        let shape = [allocatedRows, heads.count, tokens, heads.width]
        return Layer(
            keys: try Tensor(zeros: type, shape: shape),
            values: try Tensor(zeros: type, shape: shape))
    }

    /// Appends what the decoder computed, each [rows, heads, tokens, width]; the last of these tokens count.
    mutating func append(_ new: [Layer], tokens: Int) throws {
        let rows = Array(0..<rowCount)
        if length + tokens > capacity {
            let needed = length + tokens
            capacity =
                fixesShapes
                ? ShapeBuckets.cacheTokens(needed, block: Self.block)
                : (needed + Self.block - 1) / Self.block * Self.block
            try keep(rows)
        }
        for (layer, new) in zip(layers, new) {
            let first = (new.keys.shape.dropLast().last ?? 0) - tokens
            try copyTokens(tokens, first, of: rows, from: new.keys, to: layer.keys, at: length)
            try copyTokens(tokens, first, of: rows, from: new.values, to: layer.values, at: length)
        }
        length += tokens
    }

    /// Replaces the sequences by those of the given rows.
    mutating func keepRows(_ rows: [Int]) throws {
        guard rows.allSatisfy({ (0..<rowCount).contains($0) }) else {
            throw BlipError(.invalidOption, "A sequence that does not exist was to be kept")
        }
        rowCount = rows.count
        // Rows that leave become padding, so that no other size is compiled for those that stay.
        allocatedRows =
            fixesShapes ? max(allocatedRows, ShapeBuckets.batch(rowCount)) : rowCount
        try keep(rows)
    }

    private mutating func keep(_ rows: [Int]) throws {
        layers = try layers.map { old in
            let layer = try emptyLayer(tokens: capacity)
            try copyTokens(length, 0, of: rows, from: old.keys, to: layer.keys, at: 0)
            try copyTokens(length, 0, of: rows, from: old.values, to: layer.values, at: 0)
            return layer
        }
    }

    /// Copies some tokens of some rows into the first rows of another tensor.
    private func copyTokens(
        _ count: Int, _ first: Int, of rows: [Int], from source: Tensor, to target: Tensor,
        at token: Int
    ) throws {
        let tokenBytes = heads.width * source.byteCount / max(source.count, 1)
        let sourceHead = (source.shape.dropLast().last ?? 0) * tokenBytes
        let targetHead = (target.shape.dropLast().last ?? 0) * tokenBytes
        try source.withUnsafeBytes { source in
            try target.withUnsafeMutableBytes { target in
                for (new, old) in rows.enumerated() {
                    for head in 0..<heads.count {
                        let from =
                            (old * heads.count + head) * sourceHead + first * tokenBytes
                        let to = (new * heads.count + head) * targetHead + token * tokenBytes
                        UnsafeMutableRawBufferPointer(
                            rebasing: target[to..<to + count * tokenBytes]
                        ).copyMemory(
                            from: UnsafeRawBufferPointer(
                                rebasing: source[from..<from + count * tokenBytes]))
                    }
                }
            }
        }
    }
}

extension Tensor {
    /// A tensor whose bytes are all zero.
    fileprivate convenience init(zeros type: ElementType, shape: [Int]) throws {
        try self.init(type, shape: shape)
        try withUnsafeMutableBytes { _ = $0.initializeMemory(as: UInt8.self, repeating: 0) }
    }
}
