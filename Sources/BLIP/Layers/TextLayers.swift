import ModelGraph

// BERT's blocks (Devlin et al., 2019) with BLIP's cross-attention between them, post-norm, named
// as transformers' `BlipTextModel` names them.

/// Word and position embeddings, normalized.
struct TextEmbeddings {
    private let words: Value
    private let positions: Value
    private let norm: LayerNorm

    init(_ weights: Weights, _ configuration: TextConfiguration) throws {
        let hidden = configuration.hiddenSize
        words = try weights.tensor(
            "word_embeddings.weight", [configuration.vocabularySize, hidden])
        positions = try weights.tensor(
            "position_embeddings.weight", [configuration.maximumPositions, hidden])
        norm = try LayerNorm(
            weights["LayerNorm"], hidden, epsilon: configuration.layerNormEpsilon)
    }

    /// - Parameters:
    ///   - ids: token ids, shape [batch, tokens].
    ///   - positionIDs: shape [1 or batch, tokens].
    /// - Returns: shape [batch, tokens, hidden].
    func callAsFunction(_ ids: Value, positionIDs: Value) throws -> Value {
        try norm(words.gathered(ids).adding(positions.gathered(positionIDs)))
    }
}

/// A product, a residual and a normalization: what follows attention and feed-forward alike.
struct ResidualOutput {
    private let dense: Linear
    private let norm: LayerNorm

    init(_ weights: Weights, from inputSize: Int, _ configuration: TextConfiguration) throws {
        dense = try Linear(weights["dense"], inputSize, configuration.hiddenSize)
        norm = try LayerNorm(
            weights["LayerNorm"], configuration.hiddenSize,
            epsilon: configuration.layerNormEpsilon)
    }

    func callAsFunction(_ x: Value, residual: Value) throws -> Value {
        try norm(dense(x).adding(residual))
    }
}

/// Self-attention, with a KV cache where one is given.
struct TextSelfAttention {
    private let heads: Heads
    private let query: Linear
    private let key: Linear
    private let value: Linear
    private let output: ResidualOutput

    init(_ weights: Weights, _ configuration: TextConfiguration) throws {
        let hidden = configuration.hiddenSize
        heads = Heads(count: configuration.headCount, of: hidden)
        query = try Linear(weights["self"]["query"], hidden, hidden)
        key = try Linear(weights["self"]["key"], hidden, hidden)
        value = try Linear(weights["self"]["value"], hidden, hidden)
        output = try ResidualOutput(weights["output"], from: hidden, configuration)
    }

    /// - Parameters:
    ///   - x: shape [batch, tokens, hidden].
    ///   - mask: added to the scores, shape [batch, 1, tokens or 1, past + tokens].
    ///   - past: the cache, each [batch, heads, past, width].
    /// - Returns: the new states, and these tokens' keys and values, which belong into the cache.
    func callAsFunction(
        _ x: Value, mask: Value, past: KeysAndValues?
    ) throws -> (states: Value, new: KeysAndValues) {
        let new = KeysAndValues(keys: try heads.split(key(x)), values: try heads.split(value(x)))
        var (keys, values) = (new.keys, new.values)
        if let past {
            keys = try past.keys.concatenated(with: keys, axis: 2)
            values = try past.values.concatenated(with: values, axis: 2)
        }
        let queries = try heads.split(query(x).scaled(by: heads.scale))
        let scores = try queries.matrixProduct(keys, transposingOther: true).adding(mask)
        let context = try scores.softmax().matrixProduct(values)
        return (try output(heads.join(context), residual: x), new)
    }
}

/// One block: self-attention, cross-attention where there is a context, feed-forward.
struct TextLayer {
    private let attention: TextSelfAttention
    private let crossAttention: CrossAttention?
    private let intermediate: Linear
    private let output: ResidualOutput
    private let activation: Activation

    init(_ weights: Weights, crossAttends: Bool, _ configuration: TextConfiguration) throws {
        let (hidden, inner) = (configuration.hiddenSize, configuration.intermediateSize)
        attention = try TextSelfAttention(weights["attention"], configuration)
        crossAttention =
            crossAttends ? try CrossAttention(weights["crossattention"], configuration) : nil
        intermediate = try Linear(weights["intermediate"]["dense"], hidden, inner)
        output = try ResidualOutput(weights["output"], from: inner, configuration)
        activation = configuration.activation
    }

    func callAsFunction(
        _ x: Value, mask: Value, past: KeysAndValues? = nil, context: KeysAndValues? = nil,
        contextMask: Value? = nil
    ) throws -> (states: Value, new: KeysAndValues) {
        var (states, new) = try attention(x, mask: mask, past: past)
        if let crossAttention, let context {
            states = try crossAttention(states, context: context, mask: contextMask)
        }
        return (try output(activation(intermediate(states)), residual: states), new)
    }
}

/// From states to a score for every word of the vocabulary.
struct PredictionHead {
    private let dense: Linear
    private let activation: Activation
    private let norm: LayerNorm
    private let decoder: Linear

    init(_ weights: Weights, _ configuration: TextConfiguration) throws {
        let hidden = configuration.hiddenSize
        dense = try Linear(weights["transform"]["dense"], hidden, hidden)
        activation = configuration.activation
        norm = try LayerNorm(
            weights["transform"]["LayerNorm"], hidden, epsilon: configuration.layerNormEpsilon)
        decoder = try Linear(weights["decoder"], hidden, configuration.vocabularySize)
    }

    /// - Parameter states: shape [..., hidden].
    /// - Returns: logits, shape [..., vocabulary size].
    func callAsFunction(_ states: Value) throws -> Value {
        try decoder(norm(activation(dense(states))))
    }
}
