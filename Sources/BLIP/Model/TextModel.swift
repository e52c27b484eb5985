import ModelGraph

// BERT (Devlin et al., 2019), post-norm, with BLIP's cross-attention between its blocks, named as
// transformers' `BlipTextModel` names them.

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

    func callAsFunction(_ ids: Value, positionIDs: Value) throws -> Value {
        try norm(words.gathered(ids).adding(positions.gathered(positionIDs)))
    }
}

/// A product, a residual and a normalization: what follows attention and feed-forward alike.
struct TextOutput {
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

/// Attention to keys and values, and what follows it: to those of the text itself, or to a picture's.
struct TextAttention {
    private let attention: Attention
    private let output: TextOutput

    init(_ weights: Weights, _ configuration: TextConfiguration) throws {
        let hidden = configuration.hiddenSize
        attention = Attention(
            heads: configuration.heads,
            query: try Linear(weights["self"]["query"], hidden, hidden))
        output = try TextOutput(weights["output"], from: hidden, configuration)
    }

    func callAsFunction(_ x: Value, to context: KeysAndValues, mask: Value?) throws -> Value {
        try output(attention(x, to: context, mask: mask), residual: x)
    }
}

/// One block: self-attention, cross-attention where there is a context, feed-forward.
struct TextLayer {
    private let attention: TextAttention
    private let projection: KeyValueProjection
    private let crossAttention: TextAttention?
    private let intermediate: Linear
    private let output: TextOutput
    private let activation: ActivationFunction

    init(_ weights: Weights, crossAttends: Bool, _ configuration: TextConfiguration) throws {
        let (hidden, inner) = (configuration.hiddenSize, configuration.intermediateSize)
        attention = try TextAttention(weights["attention"], configuration)
        projection = try KeyValueProjection(weights["attention"], from: hidden, configuration)
        crossAttention =
            crossAttends ? try TextAttention(weights["crossattention"], configuration) : nil
        intermediate = try Linear(weights["intermediate"]["dense"], hidden, inner)
        output = try TextOutput(weights["output"], from: inner, configuration)
        activation = configuration.activation
    }

    /// - Returns: the new states, and the keys and values of these tokens alone.
    func callAsFunction(
        _ x: Value, mask: Value, past: KeysAndValues?, context: KeysAndValues?, contextMask: Value?
    ) throws -> (states: Value, new: KeysAndValues) {
        let new = try projection(x, transposingKeys: false)
        var states = try attention(x, to: past?.appending(new) ?? new, mask: mask)
        if let crossAttention, let context {
            states = try crossAttention(states, to: context, mask: contextMask)
        }
        return (try output(activation(intermediate(states)), residual: states), new)
    }
}

/// Token ids to states.
struct TextModel {
    /// What tokens attend to besides one another, layer by layer.
    struct Contexts {
        /// Of the tokens before these.
        var past: [KeysAndValues]?
        /// Of a picture or a question.
        var cross: [KeysAndValues]?
        /// Added to the scores of ``cross``, shape [batch, 1, 1, context].
        var crossMask: Value?
    }

    private let graph: Graph
    private let embeddings: TextEmbeddings
    private let layers: [TextLayer]

    init(_ weights: Weights, crossAttends: Bool, _ configuration: TextConfiguration) throws {
        graph = weights.graph
        embeddings = try TextEmbeddings(weights["embeddings"], configuration)
        layers = try (0..<configuration.layerCount).map {
            try TextLayer(
                weights["encoder"]["layer"][$0], crossAttends: crossAttends, configuration)
        }
    }

    /// - Parameters:
    ///   - ids: token ids, shape [batch, tokens].
    ///   - positionIDs: shape [1 or batch, tokens].
    ///   - mask: added to the scores of self-attention, shape [batch, 1, tokens or 1, past + tokens].
    /// - Returns: states of shape [batch, tokens, hidden], and for each layer the tokens' keys and values.
    func callAsFunction(
        _ ids: Value, positionIDs: Value, mask: Value, contexts: Contexts = .init()
    ) throws -> (states: Value, new: [KeysAndValues]) {
        var states = try graph.scope("embeddings") { try embeddings(ids, positionIDs: positionIDs) }
        var news: [KeysAndValues] = []
        for (index, layer) in layers.enumerated() {
            let new: KeysAndValues
            (states, new) = try graph.scope("layer.\(index)") {
                try layer(
                    states, mask: mask, past: contexts.past?[index],
                    context: contexts.cross?[index], contextMask: contexts.crossMask)
            }
            news.append(new)
        }
        return (states, news)
    }
}

/// From states to a score for every word of the vocabulary.
struct PredictionHead {
    private let dense: Linear
    private let activation: ActivationFunction
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

extension KeyValueProjection {
    /// Of one layer's attention: a text's own, or that to states of another width.
    init(_ weights: Weights, from width: Int, _ configuration: TextConfiguration) throws {
        let hidden = configuration.hiddenSize
        self.init(
            heads: configuration.heads, key: try Linear(weights["self"]["key"], width, hidden),
            value: try Linear(weights["self"]["value"], width, hidden))
    }
}

extension TextConfiguration {
    var heads: Heads { Heads(count: headCount, of: hiddenSize) }
}
