import ModelGraph

/// Lets OpenVINO's processor plugin take a graph for a large language model: one with an attention
/// operation and a state. Only in those does it multiply f32 activations by 16-bit weights as they
/// are stored; elsewhere it widens every weight to 32 bits when it compiles, which a decoder then
/// reads for every token.
///
/// BLIP's text graphs have neither (their KV cache is inputs and outputs, since the C API has no states), so
/// they are given an attention of one number to itself, kept in a state that nothing else reads.
///
/// Source: `getModelType` of OpenVINO's intel_cpu plugin, 2026.4.
struct LanguageModelMark: GraphPass {
    func run(on graph: Graph) throws {
        let name = "language_model_mark"
        let state = graph.state(name, .f32, [1, 1, 1, 1])
        graph.keep(try state.scaledDotProductAttention(keys: state, values: state), as: name)
    }
}
