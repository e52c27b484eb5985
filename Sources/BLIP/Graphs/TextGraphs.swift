import ModelGraph

extension GraphFactory {
    /// A text's ids [batch, tokens] and a picture's keys and values → the text's states [batch,
    /// tokens, hidden]; and the match logits [batch, 2] where the checkpoint has that head.
    ///
    /// The picture's batch may be 1: one picture for every text.
    func buildTextEncoder(_ weights: Weights) throws {
        let states = try buildEncoder(weights, crossAttends: true)
        weights.graph.output(states, PortName.lastHiddenState)
        if weights["itm_head"].contains("weight") {
            let head = try Linear(weights["itm_head"], configuration.text.hiddenSize, 2)
            let first = try states.gathered(weights.graph.integer(0), axis: 1)
            weights.graph.output(try head(first), PortName.matchLogits)
        }
    }

    /// A text's ids [batch, tokens] → its unit vector [batch, 256], computed without a picture.
    func buildTextProjection(_ weights: Weights) throws {
        let states = try buildEncoder(weights, crossAttends: false)
        let projection = try Linear(
            weights["text_proj"], configuration.text.hiddenSize, configuration.imageTextHiddenSize)
        let vector = try projection(states.gathered(weights.graph.integer(0), axis: 1))
        weights.graph.output(vector.l2Normalized(), PortName.textProjection)
    }

    private func buildEncoder(_ weights: Weights, crossAttends: Bool) throws -> Value {
        let (graph, text, below) = (weights.graph, configuration.text, weights["text_encoder"])
        let ids = graph.input(PortName.inputIDs, .i64, ["batch", "tokens"])
        let positions = graph.input(PortName.positionIDs, .i64, [1, "tokens"])
        let mask = graph.input(PortName.selfMask, .f32, [.oneOr("batch"), 1, 1, "tokens"])
        var states = try graph.scope("embeddings") {
            try TextEmbeddings(below["embeddings"], text)(ids, positionIDs: positions)
        }
        for index in 0..<text.layerCount {
            let context = crossAttends ? contextInputs(graph, index) : nil
            states = try graph.scope("layer.\(index)") {
                let layer = try TextLayer(
                    below["encoder"]["layer"][index], crossAttends: crossAttends, text)
                return try layer(states, mask: mask, context: context).states
            }
        }
        return states
    }

    /// Ids [batch, tokens], a cache and a context → the next token's logits [batch, vocabulary]
    /// and these tokens' keys and values [batch, heads, tokens, width].
    ///
    /// Whoever runs it puts those into the cache. So the cache can have a fixed size, of which the
    /// mask leaves out what is not filled yet: shapes stay the same from token to token, and the
    /// device prepares nothing anew.
    func buildTextDecoder(_ weights: Weights) throws {
        let (graph, text, bert) = (weights.graph, configuration.text, weights["bert"])
        let heads = Heads(count: text.headCount, of: text.hiddenSize)
        let ids = graph.input(PortName.inputIDs, .i64, ["batch", "tokens"])
        let positions = graph.input(PortName.positionIDs, .i64, [.oneOr("batch"), "tokens"])
        let mask = graph.input(
            PortName.selfMask, .f32, [.oneOr("batch"), 1, "tokens", "past+tokens"])
        let contextMask = graph.input(
            PortName.contextMask, .f32, [.oneOr("batch"), 1, 1, "context"])
        var states = try graph.scope("embeddings") {
            try TextEmbeddings(bert["embeddings"], text)(ids, positionIDs: positions)
        }
        let cacheShape: Shape = ["batch", .fixed(heads.count), "past", .fixed(heads.width)]
        for index in 0..<text.layerCount {
            let past = KeysAndValues(
                keys: graph.input(PortName.pastKeys(index), .f32, cacheShape),
                values: graph.input(PortName.pastValues(index), .f32, cacheShape))
            let context = contextInputs(graph, index)
            let new: KeysAndValues
            (states, new) = try graph.scope("layer.\(index)") {
                let layer = try TextLayer(
                    bert["encoder"]["layer"][index], crossAttends: true, text)
                return try layer(
                    states, mask: mask, past: past, context: context, contextMask: contextMask)
            }
            graph.output(new.keys, PortName.newKeys(index))
            graph.output(new.values, PortName.newValues(index))
        }
        let last = try states.gathered(graph.integer(-1), axis: 1)
        let logits = try graph.scope("head") {
            try PredictionHead(weights["cls"]["predictions"], text)(last)
        }
        graph.output(logits, PortName.logits)
    }

    private func contextInputs(_ graph: Graph, _ layer: Int) -> KeysAndValues {
        let text = configuration.text
        let heads = Heads(count: text.headCount, of: text.hiddenSize)
        return KeysAndValues(
            keys: graph.input(
                PortName.contextKeys(layer), .f32,
                [.oneOr("batch"), .fixed(heads.count), .fixed(heads.width), "context"]),
            values: graph.input(
                PortName.contextValues(layer), .f32,
                [.oneOr("batch"), .fixed(heads.count), "context", .fixed(heads.width)]))
    }
}
