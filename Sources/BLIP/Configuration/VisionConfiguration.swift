/// The vision transformer's part of a BLIP configuration.
package struct VisionConfiguration: Sendable, Hashable, Codable {
    /// Width of a patch's state; the large models have 1024.
    package var hiddenSize = 768
    /// Width inside a feed-forward block.
    package var intermediateSize = 3072
    /// Transformer layers; the large models have 24.
    package var layerCount = 12
    /// Heads of an attention, which share ``hiddenSize`` evenly.
    package var headCount = 12
    /// Height and width of the pictures, in pixels.
    package var imageSize = 384
    /// Height and width of a patch, in pixels.
    package var patchSize = 16
    /// The activation inside a feed-forward block.
    package var activation = ActivationFunction.gelu
    /// Added to the variance in layer normalizations (1e-6 in Salesforce's original code).
    package var layerNormEpsilon: Float = 1e-5

    /// Tokens of a picture: one a patch, and the class token before them.
    package var tokenCount: Int { (imageSize / patchSize) * (imageSize / patchSize) + 1 }

    /// More pixels a side than any picture is looked at with.
    static let largestImageSize = 16_384

    enum CodingKeys: String, CodingKey {
        case hiddenSize = "hidden_size"
        case intermediateSize = "intermediate_size"
        case layerCount = "num_hidden_layers"
        case headCount = "num_attention_heads"
        case imageSize = "image_size"
        case patchSize = "patch_size"
        case activation = "hidden_act"
        case layerNormEpsilon = "layer_norm_eps"
    }

    /// transformers' defaults.
    package init() {}

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func read<T: Decodable>(_ key: CodingKeys, into value: inout T) throws {
            value = try values.decodeIfPresent(T.self, forKey: key) ?? value
        }
        try read(.hiddenSize, into: &hiddenSize)
        try read(.intermediateSize, into: &intermediateSize)
        try read(.layerCount, into: &layerCount)
        try read(.headCount, into: &headCount)
        try read(.imageSize, into: &imageSize)
        try read(.patchSize, into: &patchSize)
        try read(.activation, into: &activation)
        try read(.layerNormEpsilon, into: &layerNormEpsilon)
    }

    func validate() throws(BlipError) {
        try BlipConfiguration.require(
            (1...65_536).contains(hiddenSize), "vision_config.hidden_size", hiddenSize)
        try BlipConfiguration.require(
            (1...1_048_576).contains(intermediateSize), "vision_config.intermediate_size",
            intermediateSize)
        try BlipConfiguration.require(
            (1...1_000).contains(layerCount), "vision_config.num_hidden_layers", layerCount)
        try BlipConfiguration.require(
            (1...hiddenSize).contains(headCount) && hiddenSize % headCount == 0,
            "vision_config.num_attention_heads", headCount)
        try BlipConfiguration.require(
            (1...Self.largestImageSize).contains(imageSize), "vision_config.image_size", imageSize)
        try BlipConfiguration.require(
            (1...imageSize).contains(patchSize), "vision_config.patch_size", patchSize)
        try BlipConfiguration.require(
            layerNormEpsilon > 0, "vision_config.layer_norm_eps", layerNormEpsilon)
    }
}
