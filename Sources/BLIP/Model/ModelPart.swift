package import BlipCheckpoint
package import ModelGraph

/// The graphs that a BLIP model is run as. What is computed once a picture, once a question and
/// once a token are graphs of their own, so that nothing is computed twice.
package enum ModelPart: String, Sendable, Hashable, CaseIterable, Codable,
    CustomStringConvertible
{
    /// Pixels to image embeddings.
    case vision
    /// Image embeddings to the text encoder's cross-attention keys and values.
    case encoderContext = "text_encoder_context"
    /// A text and a picture to the text's states, and to the match logits where there is a head.
    case textEncoder = "text_encoder"
    /// A text alone to its vector in the space shared with pictures.
    case textProjection = "text_projection"
    /// Image embeddings, or a question's states, to the decoder's cross-attention keys and values.
    case decoderContext = "text_decoder_context"
    /// The next token's logits, and its keys and values.
    case textDecoder = "text_decoder"

    package var description: String { rawValue }

    /// Whether its rows are a text's tokens: few, where a picture's are hundreds.
    var readsTexts: Bool { self == .textEncoder || self == .textProjection || self == .textDecoder }
}

/// Names of the graphs' inputs and outputs, which stand in the IR files too.
package enum PortName {
    package static let pixelValues = "pixel_values"
    package static let imageEmbeddings = "image_embeddings"
    package static let imageProjection = "image_projection"
    package static func hiddenState(_ layer: Int) -> String { "hidden_states.\(layer)" }
    package static let states = "encoder_hidden_states"
    package static let inputIDs = "input_ids"
    package static let positionIDs = "position_ids"
    package static let selfMask = "attention_mask"
    package static let contextMask = "encoder_attention_mask"
    package static let lastHiddenState = "last_hidden_state"
    package static let matchLogits = "itm_logits"
    package static let textProjection = "text_projection"
    package static let logits = "logits"
    package static func contextKeys(_ layer: Int) -> String { "cross_key.\(layer)" }
    package static func contextValues(_ layer: Int) -> String { "cross_value.\(layer)" }
    package static func pastKeys(_ layer: Int) -> String { "past_key.\(layer)" }
    package static func pastValues(_ layer: Int) -> String { "past_value.\(layer)" }
    package static func newKeys(_ layer: Int) -> String { "new_key.\(layer)" }
    package static func newValues(_ layer: Int) -> String { "new_value.\(layer)" }
}

/// Builds the graphs of one checkpoint.
package struct GraphFactory: Sendable {
    package let configuration: BlipConfiguration
    package let source: TensorSource

    /// Where the tensors lie.
    package var region: WeightRegion { source.checkpoint.region }

    /// The parts that the checkpoint has the tensors for.
    package var availableParts: Set<ModelPart> {
        var parts: Set<ModelPart> = [.vision]
        if source.contains("text_encoder.embeddings.word_embeddings.weight") {
            parts.formUnion([.encoderContext, .textEncoder])
            if source.contains("text_proj.weight") { parts.insert(.textProjection) }
        }
        if source.contains("text_decoder.bert.embeddings.word_embeddings.weight") {
            parts.formUnion([.decoderContext, .textDecoder])
        }
        return parts
    }

    /// Builds one part.
    ///
    /// - Throws: ``BlipError`` for a tensor that is missing or of a wrong shape.
    package func graph(_ part: ModelPart) throws -> Graph {
        let graph = Graph(name: "blip_\(part.rawValue)")
        let weights = Weights(graph: graph, source: source)
        switch part {
        case .vision: try buildVision(weights)
        case .encoderContext: try buildContext(weights["text_encoder"])
        case .decoderContext: try buildContext(weights["text_decoder"]["bert"])
        case .textEncoder: try buildTextEncoder(weights)
        case .textProjection: try buildTextProjection(weights)
        case .textDecoder: try buildTextDecoder(weights["text_decoder"])
        }
        return graph
    }
}
