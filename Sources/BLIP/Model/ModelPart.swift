import BlipCheckpoint
import ModelGraph

/// The graphs that a BLIP model is run as. What is computed once a picture, once a question and
/// once a token are graphs of their own, so that nothing is computed twice.
public enum ModelPart: String, Sendable, Hashable, CaseIterable, Codable,
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

    public var description: String { rawValue }

    /// Whether its rows are a text's tokens: few, where a picture's are hundreds.
    var readsTexts: Bool { self == .textEncoder || self == .textProjection || self == .textDecoder }
}

/// Names of the graphs' inputs and outputs, which stand in the IR files too.
enum PortName {
    static let pixelValues = "pixel_values"
    static let imageEmbeddings = "image_embeddings"
    static let imageProjection = "image_projection"
    static func hiddenState(_ layer: Int) -> String { "hidden_states.\(layer)" }
    static let states = "encoder_hidden_states"
    static let inputIDs = "input_ids"
    static let positionIDs = "position_ids"
    static let selfMask = "attention_mask"
    static let contextMask = "encoder_attention_mask"
    static let lastHiddenState = "last_hidden_state"
    static let matchLogits = "itm_logits"
    static let textProjection = "text_projection"
    static let logits = "logits"
    static func contextKeys(_ layer: Int) -> String { "cross_key.\(layer)" }
    static func contextValues(_ layer: Int) -> String { "cross_value.\(layer)" }
    static func pastKeys(_ layer: Int) -> String { "past_key.\(layer)" }
    static func pastValues(_ layer: Int) -> String { "past_value.\(layer)" }
    static func newKeys(_ layer: Int) -> String { "new_key.\(layer)" }
    static func newValues(_ layer: Int) -> String { "new_value.\(layer)" }
}

/// Builds the graphs of one checkpoint.
struct GraphFactory: Sendable {
    let configuration: BlipConfiguration
    let source: TensorSource

    /// Where the tensors lie.
    var region: WeightRegion { source.checkpoint.region }

    /// The parts that the checkpoint has the tensors for.
    var availableParts: Set<ModelPart> {
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
    func graph(_ part: ModelPart) throws -> Graph {
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
