/// The text encoder's and decoder's part of a BLIP configuration.
package struct TextConfiguration: Sendable, Hashable, Codable {
    /// Rows of the word embeddings: BERT's 30,522 tokens, [DEC] and [ENC].
    package var vocabularySize = 30_524
    /// Width of a token's state.
    package var hiddenSize = 768
    /// Width inside a feed-forward block.
    package var intermediateSize = 3072
    /// Transformer layers of the encoder, and as many of the decoder.
    package var layerCount = 12
    /// 8 is the class's default in transformers; the published configurations say 12.
    package var headCount = 8
    /// The most tokens that a text can have: rows of the position embeddings.
    package var maximumPositions = 512
    /// The activation inside a feed-forward block.
    package var activation = ActivationFunction.gelu
    /// Added to the variance in layer normalizations.
    package var layerNormEpsilon: Float = 1e-12
    /// [DEC], which every generated text begins with.
    package var beginTokenID = 30_522
    /// [PAD], which fills up the shorter texts of a batch.
    package var padTokenID = 0
    /// [SEP], which ends a generated text. (`eos_token_id` plays no part in BLIP.)
    package var endTokenID = 102
    /// Tokens that are generated at most where no length is asked for; the default is transformers'.
    package var newTokens = 20

    enum CodingKeys: String, CodingKey {
        case vocabularySize = "vocab_size"
        case hiddenSize = "hidden_size"
        case intermediateSize = "intermediate_size"
        case layerCount = "num_hidden_layers"
        case headCount = "num_attention_heads"
        case maximumPositions = "max_position_embeddings"
        case activation = "hidden_act"
        case layerNormEpsilon = "layer_norm_eps"
        case beginTokenID = "bos_token_id"
        case padTokenID = "pad_token_id"
        case endTokenID = "sep_token_id"
        case newTokens = "max_new_tokens"
    }

    /// transformers' defaults.
    package init() {}

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func read<T: Decodable>(_ key: CodingKeys, into value: inout T) throws {
            value = try values.decodeIfPresent(T.self, forKey: key) ?? value
        }
        try read(.vocabularySize, into: &vocabularySize)
        try read(.hiddenSize, into: &hiddenSize)
        try read(.intermediateSize, into: &intermediateSize)
        try read(.layerCount, into: &layerCount)
        try read(.headCount, into: &headCount)
        try read(.maximumPositions, into: &maximumPositions)
        try read(.activation, into: &activation)
        try read(.layerNormEpsilon, into: &layerNormEpsilon)
        try read(.beginTokenID, into: &beginTokenID)
        try read(.padTokenID, into: &padTokenID)
        try read(.endTokenID, into: &endTokenID)
        try read(.newTokens, into: &newTokens)
    }

    func validate() throws(BlipError) {
        try BlipConfiguration.require(
            (1...10_000_000).contains(vocabularySize), "text_config.vocab_size", vocabularySize)
        try BlipConfiguration.require(
            (1...65_536).contains(hiddenSize), "text_config.hidden_size", hiddenSize)
        try BlipConfiguration.require(
            (1...1_048_576).contains(intermediateSize), "text_config.intermediate_size",
            intermediateSize)
        try BlipConfiguration.require(
            (1...1_000).contains(layerCount), "text_config.num_hidden_layers", layerCount)
        try BlipConfiguration.require(
            (1...hiddenSize).contains(headCount) && hiddenSize % headCount == 0,
            "text_config.num_attention_heads", headCount)
        try BlipConfiguration.require(
            (2...1_048_576).contains(maximumPositions), "text_config.max_position_embeddings",
            maximumPositions)
        try BlipConfiguration.require(
            layerNormEpsilon > 0, "text_config.layer_norm_eps", layerNormEpsilon)
        try BlipConfiguration.require(
            (1...1_048_576).contains(newTokens), "text_config.max_new_tokens", newTokens)
        for (key, id) in [
            ("bos_token_id", beginTokenID), ("pad_token_id", padTokenID),
            ("sep_token_id", endTokenID),
        ] {
            try BlipConfiguration.require(
                (0..<vocabularySize).contains(id), "text_config.\(key)", id)
        }
    }
}
