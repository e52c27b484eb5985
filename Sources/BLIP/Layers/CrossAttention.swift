import ModelGraph

/// Keys and values that queries attend to.
struct KeysAndValues {
    let keys: Value
    let values: Value
}

/// Attention to an image's or a question's states, whose keys and values were computed before.
struct CrossAttention {
    private let heads: Heads
    private let query: Linear
    private let output: ResidualOutput

    init(_ weights: Weights, _ configuration: TextConfiguration) throws {
        let hidden = configuration.hiddenSize
        heads = Heads(count: configuration.headCount, of: hidden)
        query = try Linear(weights["self"]["query"], hidden, hidden)
        output = try ResidualOutput(weights["output"], from: hidden, configuration)
    }

    /// - Parameter context: keys [batch, heads, width, context], values [batch, heads, context,
    ///   width], as ``CrossAttentionProjection`` makes them.
    func callAsFunction(_ x: Value, context: KeysAndValues, mask: Value?) throws -> Value {
        let attended = try attend(
            heads.split(query(x).scaled(by: heads.scale)), transposedKeys: context.keys,
            values: context.values, mask: mask)
        return try output(heads.join(attended), residual: x)
    }
}

/// Computes the keys and values of one layer's cross-attention, once a picture or question.
struct CrossAttentionProjection {
    private let heads: Heads
    private let key: Linear
    private let value: Linear

    init(_ weights: Weights, from width: Int, _ configuration: TextConfiguration) throws {
        let hidden = configuration.hiddenSize
        heads = Heads(count: configuration.headCount, of: hidden)
        key = try Linear(weights["self"]["key"], width, hidden)
        value = try Linear(weights["self"]["value"], width, hidden)
    }

    /// - Parameter states: shape [batch, context, width].
    func callAsFunction(_ states: Value) throws -> KeysAndValues {
        KeysAndValues(
            keys: try heads.splitTransposed(key(states)), values: try heads.split(value(states)))
    }
}
