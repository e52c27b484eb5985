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

    /// [batch, tokens, hidden] → [batch, heads, width, tokens]: keys as the product wants them, so
    /// that no step transposes them again.
    func splitTransposed(_ x: Value) throws -> Value {
        try x.reshaped([.kept, .kept, .fixed(count), .fixed(width)]).transposed([0, 2, 3, 1])
    }

    /// [batch, heads, tokens, width] → [batch, tokens, hidden].
    func join(_ x: Value) throws -> Value {
        try x.transposed([0, 2, 1, 3]).reshaped([.kept, .kept, .fixed(count * width)])
    }
}

/// `softmax(q·k + mask)·v`, written as two products and a softmax: with keys that are
/// transposed already it is faster on the CPU than the one operation (docs/performance-log.md).
///
/// - Parameters:
///   - queries: shape [batch, heads, tokens, width], scaled already.
///   - transposedKeys: shape [batch, heads, width, context].
///   - values: shape [batch, heads, context, width].
///   - mask: added to the scores, shape [batch, 1, tokens or 1, context].
func attend(
    _ queries: Value, transposedKeys: Value, values: Value, mask: Value? = nil
) throws -> Value {
    var scores = try queries.matrixProduct(transposedKeys)
    if let mask { scores = try scores.adding(mask) }
    return try scores.softmax().matrixProduct(values)
}
