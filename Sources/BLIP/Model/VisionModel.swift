import ModelGraph

// The vision transformer (Dosovitskiy et al., 2021), pre-norm, named as transformers' `BlipVisionModel`
// names its blocks.

/// Cuts a picture into patches and puts the class token before them.
struct VisionEmbeddings {
    private let configuration: VisionConfiguration
    private let patchKernel: Value
    private let patchBias: Value
    private let classEmbedding: Value
    private let positionEmbedding: Value

    init(_ weights: Weights, _ configuration: VisionConfiguration) throws {
        self.configuration = configuration
        let (hidden, patch) = (configuration.hiddenSize, configuration.patchSize)
        patchKernel = try weights.tensor("patch_embedding.weight", [hidden, 3, patch, patch])
        patchBias = try weights.tensor("patch_embedding.bias", [hidden])
        classEmbedding = try weights.tensor("class_embedding", [1, 1, hidden])
        positionEmbedding = try weights.tensor(
            "position_embedding", [1, configuration.tokenCount, hidden])
    }

    /// - Parameter pixels: shape [batch, 3, image size, image size], normalized.
    /// - Returns: shape [batch, tokens, hidden].
    func callAsFunction(_ pixels: Value) throws -> Value {
        let (hidden, tokens) = (configuration.hiddenSize, configuration.tokenCount)
        let bias = try patchBias.reshaped([1, .fixed(hidden), 1, 1])
        let patches = try pixels.patchConvolution(patchKernel).adding(bias)
            .reshaped([.kept, .fixed(hidden), .fixed(tokens - 1)]).transposed([0, 2, 1])
        let classes = try classEmbedding.repeated(toBatchOf: pixels)
        return try classes.concatenated(with: patches, axis: 1).adding(positionEmbedding)
    }
}

/// Self-attention over a picture's tokens.
///
/// The checkpoint packs queries, keys and values into one product, (query, key, value) by (heads,
/// width). Here they are three, each some rows of that weight: bias and scale then belong to the
/// product, and nothing is copied to take its result apart.
struct VisionAttention {
    private let attention: Attention
    private let context: KeyValueProjection
    private let projection: Linear

    init(_ weights: Weights, _ configuration: VisionConfiguration) throws {
        let hidden = configuration.hiddenSize
        let heads = Heads(count: configuration.headCount, of: hidden)
        let qkv = { try Linear(weights["qkv"], hidden, hidden, part: $0, of: 3) }
        attention = Attention(heads: heads, query: try qkv(0))
        context = KeyValueProjection(heads: heads, key: try qkv(1), value: try qkv(2))
        projection = try Linear(weights["projection"], hidden, hidden)
    }

    func callAsFunction(_ x: Value) throws -> Value {
        try projection(attention(x, to: context(x, transposingKeys: true)))
    }
}

/// One block: attention and feed-forward, each behind a normalization and beside a residual.
struct VisionLayer {
    private let norm1: LayerNorm
    private let attention: VisionAttention
    private let norm2: LayerNorm
    private let fc1: Linear
    private let fc2: Linear
    private let activation: ActivationFunction

    init(_ weights: Weights, _ configuration: VisionConfiguration) throws {
        let (hidden, inner) = (configuration.hiddenSize, configuration.intermediateSize)
        let epsilon = configuration.layerNormEpsilon
        norm1 = try LayerNorm(weights["layer_norm1"], hidden, epsilon: epsilon)
        attention = try VisionAttention(weights["self_attn"], configuration)
        norm2 = try LayerNorm(weights["layer_norm2"], hidden, epsilon: epsilon)
        fc1 = try Linear(weights["mlp"]["fc1"], hidden, inner)
        fc2 = try Linear(weights["mlp"]["fc2"], inner, hidden)
        activation = configuration.activation
    }

    func callAsFunction(_ x: Value) throws -> Value {
        let attended = try attention(norm1(x)).adding(x)
        return try fc2(activation(fc1(norm2(attended)))).adding(attended)
    }
}

/// A picture's pixels to its embeddings, one a patch behind that of the class token.
struct VisionModel {
    private let graph: Graph
    private let embeddings: VisionEmbeddings
    private let layers: [VisionLayer]
    private let postLayerNorm: LayerNorm

    init(_ weights: Weights, _ configuration: VisionConfiguration) throws {
        graph = weights.graph
        embeddings = try VisionEmbeddings(weights["embeddings"], configuration)
        layers = try (0..<configuration.layerCount).map {
            try VisionLayer(weights["encoder"]["layers"][$0], configuration)
        }
        postLayerNorm = try LayerNorm(
            weights["post_layernorm"], configuration.hiddenSize,
            epsilon: configuration.layerNormEpsilon)
    }

    /// - Parameter pixels: shape [batch, 3, image size, image size], normalized.
    /// - Returns: shape [batch, tokens, hidden].
    func callAsFunction(_ pixels: Value) throws -> Value {
        var states = try graph.scope("embeddings") { try embeddings(pixels) }
        for (index, layer) in layers.enumerated() {
            states = try graph.scope("layer.\(index)") { try layer(states) }
        }
        return try postLayerNorm(states)
    }
}
