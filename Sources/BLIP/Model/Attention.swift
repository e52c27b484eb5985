import ModelGraph

/// How a hidden state is divided among attention heads.
struct Heads {
    let count: Int
    let width: Int

    init(count: Int, of hiddenSize: Int) {
        self.count = count
        width = hiddenSize / count
    }

    /// What scores are multiplied by: 1/√width.
    var scale: Float { 1 / Float(width).squareRoot() }

    /// [batch, tokens, hidden] → [batch, heads, tokens, width].
    func split(_ x: Value) throws -> Value {
        try x.reshaped([.kept, .kept, .fixed(count), .fixed(width)]).transposed([0, 2, 1, 3])
    }

    /// [batch, tokens, hidden] → [batch, heads, width, tokens].
    func splitTransposed(_ x: Value) throws -> Value {
        try x.reshaped([.kept, .kept, .fixed(count), .fixed(width)]).transposed([0, 2, 3, 1])
    }

    /// [batch, heads, tokens, width] → [batch, tokens, hidden].
    func join(_ x: Value) throws -> Value {
        try x.transposed([0, 2, 1, 3]).reshaped([.kept, .kept, .fixed(count * width)])
    }
}

/// Keys and values that queries attend to.
struct KeysAndValues {
    /// [batch, heads, context, width]; or [batch, heads, width, context], as the product wants them, for
    /// those that are attended to again and again: no step transposes them then.
    let keys: Value
    /// [batch, heads, context, width].
    let values: Value
    let keysAreTransposed: Bool

    /// More tokens behind these; for keys that are not transposed.
    func appending(_ other: KeysAndValues) throws -> KeysAndValues {
        KeysAndValues(
            keys: try keys.concatenated(with: other.keys, axis: 2),
            values: try values.concatenated(with: other.values, axis: 2), keysAreTransposed: false)
    }
}

/// Computes the keys and values of states.
struct KeyValueProjection {
    let heads: Heads
    let key: Linear
    let value: Linear

    /// - Parameter states: shape [batch, context, width].
    func callAsFunction(_ states: Value, transposingKeys: Bool) throws -> KeysAndValues {
        KeysAndValues(
            keys: try transposingKeys
                ? heads.splitTransposed(key(states)) : heads.split(key(states)),
            values: try heads.split(value(states)), keysAreTransposed: transposingKeys)
    }
}

/// Multi-head attention (Vaswani et al., 2017): `softmax(q·kᵀ / √width + mask)·v`.
///
/// It is written as two products and a softmax, which is faster than the one operation for it
/// (docs/performance-log.md).
struct Attention {
    let heads: Heads
    let query: Linear

    /// - Parameters:
    ///   - x: what queries are made of, shape [batch, tokens, hidden].
    ///   - mask: added to the scores, shape [batch, 1, tokens or 1, context].
    /// - Returns: shape [batch, tokens, hidden].
    func callAsFunction(_ x: Value, to context: KeysAndValues, mask: Value? = nil) throws -> Value {
        let queries = try heads.split(query(x).scaled(by: heads.scale))
        var scores = try queries.matrixProduct(
            context.keys, transposingOther: !context.keysAreTransposed)
        if let mask { scores = try scores.adding(mask) }
        return try heads.join(scores.softmax().matrixProduct(context.values))
    }
}
