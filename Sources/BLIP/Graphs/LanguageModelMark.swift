/// What makes OpenVINO's processor plugin take a graph for a large language model: an attention
/// operation and a state. Only in those does it multiply f32 activations by 16-bit weights as they
/// are stored; elsewhere it widens every weight to 32 bits when it compiles, which a decoder then
/// reads for every token.
///
/// BLIP's text graphs have neither (their KV cache is inputs and outputs, since the C API has no states), so
/// they are given an attention of one number to itself, kept in a state that nothing else reads.
///
/// Source: `getModelType` of OpenVINO's intel_cpu plugin, 2026.4.
struct LanguageModelMark: GraphAddition {
    func adding(to ir: String) throws(BlipError) -> String {
        var edited = EditedIR(ir)
        let name = "language_model_mark"
        let read = edited.add(
            "ReadValue", "opset6", name: "\(name)/read",
            data: "variable_id=\"\(name)\" variable_type=\"f32\" variable_shape=\"1,1,1,1\"",
            inputs: [])
        let attention = edited.add(
            "ScaledDotProductAttention", "opset13", name: "\(name)/attention",
            data: "causal=\"false\"", inputs: [(read, "0"), (read, "0"), (read, "0")])
        edited.add(
            "Assign", "opset6", name: "\(name)/assign", data: "variable_id=\"\(name)\"",
            inputs: [(attention, "3")])
        guard let text = edited.text() else {
            throw BlipError(
                .invalidConfiguration, "The graph is no IR that this program wrote; convert again")
        }
        return text
    }
}
