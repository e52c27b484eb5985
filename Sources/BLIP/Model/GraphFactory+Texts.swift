import ModelGraph

extension GraphFactory {
    /// A text's ids [batch, tokens] and a picture's keys and values → the text's states [batch,
    /// tokens, hidden]; and the match logits [batch, 2] where the checkpoint has that head.
    ///
    /// The picture's batch may be 1: one picture for every text.
    func buildTextEncoder(_ weights: Weights) throws {
        let states = try encoded(weights, crossAttends: true)
        weights.graph.output(states, PortName.lastHiddenState)
        if weights["itm_head"].contains("weight") {
            let head = try Linear(weights["itm_head"], configuration.text.hiddenSize, 2)
            let first = try states.gathered(weights.graph.integer(0), axis: 1)
            weights.graph.output(try head(first), PortName.matchLogits)
        }
    }

    /// A text's ids [batch, tokens] → its unit vector [batch, 256], computed without a picture.
    func buildTextProjection(_ weights: Weights) throws {
        let vector = try projected(
            encoded(weights, crossAttends: false), by: weights["text_proj"],
            from: configuration.text.hiddenSize)
        weights.graph.output(vector, PortName.textProjection)
    }

    private func encoded(_ weights: Weights, crossAttends: Bool) throws -> Value {
        let graph = weights.graph
        let ids = graph.input(PortName.inputIDs, .i64, ["batch", "tokens"])
        let positions = graph.input(PortName.positionIDs, .i64, [1, "tokens"])
        let mask = graph.input(PortName.selfMask, .f32, [.oneOr("batch"), 1, 1, "tokens"])
        let model = try TextModel(
            weights["text_encoder"], crossAttends: crossAttends, configuration.text)
        return try model(
            ids, positionIDs: positions, mask: mask,
            contexts: .init(cross: crossAttends ? crossContexts(graph) : nil)
        ).states
    }

    /// The next token's logits [batch, vocabulary size] and its keys and values, from the ids
    /// [batch, tokens], the keys and values of all tokens before, and those of the picture or question.
    func buildTextDecoder(_ weights: Weights) throws {
        let (graph, text) = (weights.graph, configuration.text)
        let ids = graph.input(PortName.inputIDs, .i64, ["batch", "tokens"])
        let positions = graph.input(PortName.positionIDs, .i64, [.oneOr("batch"), "tokens"])
        let mask = graph.input(
            PortName.selfMask, .f32, [.oneOr("batch"), 1, "tokens", "past+tokens"])
        let contexts = TextModel.Contexts(
            past: pastContexts(graph), cross: crossContexts(graph),
            crossMask: graph.input(PortName.contextMask, .f32, [.oneOr("batch"), 1, 1, "context"]))
        let model = try TextModel(weights["bert"], crossAttends: true, text)
        let (states, new) = try model(
            ids, positionIDs: positions, mask: mask, contexts: contexts)
        for (index, new) in new.enumerated() {
            graph.output(new.keys, PortName.newKeys(index))
            graph.output(new.values, PortName.newValues(index))
        }
        let last = try states.gathered(graph.integer(-1), axis: 1)
        let logits = try graph.scope("head") {
            try PredictionHead(weights["cls"]["predictions"], text)(last)
        }
        graph.output(logits, PortName.logits)
    }

    private func pastContexts(_ graph: Graph) -> [KeysAndValues] {
        let heads = configuration.text.heads
        let shape: Shape = ["batch", .fixed(heads.count), "past", .fixed(heads.width)]
        return (0..<configuration.text.layerCount).map {
            KeysAndValues(
                keys: graph.input(PortName.pastKeys($0), .f32, shape),
                values: graph.input(PortName.pastValues($0), .f32, shape),
                keysAreTransposed: false)
        }
    }

    private func crossContexts(_ graph: Graph) -> [KeysAndValues] {
        let heads = configuration.text.heads
        let (count, width) = (
            Shape.Dimension.fixed(heads.count), Shape.Dimension.fixed(heads.width)
        )
        return (0..<configuration.text.layerCount).map {
            KeysAndValues(
                keys: graph.input(
                    PortName.contextKeys($0), .f32, [.oneOr("batch"), count, width, "context"]),
                values: graph.input(
                    PortName.contextValues($0), .f32, [.oneOr("batch"), count, "context", width]),
                keysAreTransposed: true)
        }
    }
}
