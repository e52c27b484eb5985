import ModelGraph

extension GraphFactory {
    /// Pixels [batch, 3, size, size] → image embeddings [batch, tokens, hidden]; and, where the
    /// checkpoint compares pictures with texts, the picture's unit vector [batch, 256].
    func buildVision(_ weights: Weights) throws {
        let vision = configuration.vision
        let (graph, below) = (weights.graph, weights["vision_model"])
        let pixels = graph.input(
            PortName.pixelValues, .f32,
            ["batch", 3, .fixed(vision.imageSize), .fixed(vision.imageSize)])
        var states = try graph.scope("embeddings") {
            try VisionEmbeddings(below["embeddings"], vision)(pixels)
        }
        for index in 0..<vision.layerCount {
            states = try graph.scope("layer.\(index)") {
                try VisionLayer(below["encoder"]["layers"][index], vision)(states)
            }
        }
        let norm = try LayerNorm(
            below["post_layernorm"], vision.hiddenSize, epsilon: vision.layerNormEpsilon)
        let embeddings = try norm(states)
        graph.output(embeddings, PortName.imageEmbeddings)

        if weights["vision_proj"].contains("weight") {
            let projection = try Linear(
                weights["vision_proj"], vision.hiddenSize, configuration.imageTextHiddenSize)
            let vector = try projection(embeddings.gathered(graph.integer(0), axis: 1))
            graph.output(vector.l2Normalized(), PortName.imageProjection)
        }
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
                let context = try CrossAttentionProjection(layer, from: width, text)(states)
                graph.output(context.keys, PortName.contextKeys(index))
                graph.output(context.values, PortName.contextValues(index))
            }
        }
    }
}
