import ModelGraph

extension GraphFactory {
    /// Pixels [batch, 3, size, size] → image embeddings [batch, tokens, hidden]; and, where the
    /// checkpoint compares pictures with texts, the picture's unit vector [batch, 256].
    func buildVision(_ weights: Weights) throws {
        let (graph, vision) = (weights.graph, configuration.vision)
        let pixels = graph.input(
            PortName.pixelValues, .f32,
            ["batch", 3, .fixed(vision.imageSize), .fixed(vision.imageSize)])
        let embeddings = try VisionModel(weights["vision_model"], vision)(pixels)
        graph.output(embeddings, PortName.imageEmbeddings)
        if weights["vision_proj"].contains("weight") {
            graph.output(
                try projected(embeddings, by: weights["vision_proj"], from: vision.hiddenSize),
                PortName.imageProjection)
        }
    }

    /// The first token's state as a unit vector in the space that pictures and texts share.
    func projected(_ states: Value, by weights: Weights, from width: Int) throws -> Value {
        let projection = try Linear(weights, width, configuration.imageTextHiddenSize)
        return try projection(states.gathered(weights.graph.integer(0), axis: 1)).l2Normalized()
    }

    /// States [batch, context, width] → for each layer, keys [batch, heads, width, context] and
    /// values [batch, heads, context, width].
    ///
    /// The states are a picture's embeddings, or for an answer its question's. Both have the width
    /// that the layer's key weight takes.
    func buildContext(_ weights: Weights) throws {
        let (graph, text) = (weights.graph, configuration.text)
        let width = configuration.vision.hiddenSize
        let states = graph.input(PortName.states, .f32, ["batch", "context", .fixed(width)])
        for index in 0..<text.layerCount {
            let layer = weights["encoder"]["layer"][index]["crossattention"]
            try graph.scope("layer.\(index)") {
                let context = try KeyValueProjection(layer, from: width, text)(
                    states, transposingKeys: true)
                graph.output(context.keys, PortName.contextKeys(index))
                graph.output(context.values, PortName.contextValues(index))
            }
        }
    }
}
