import OpenVINO
package import BlipPictures

extension BlipModel {
    /// A picture's states after each layer of the vision model, and last its image embeddings: to
    /// find where two forms of a model begin to differ.
    ///
    /// They come from a graph of their own with these outputs, which is compiled at the first call
    /// and kept in no cache.
    ///
    /// Reference: `hidden_states` of transformers' `BlipVisionModel`, from the first layer's on, and
    /// its `last_hidden_state`.
    ///
    /// - Returns: one more than there are layers, each of tokens times `vision.hiddenSize` values,
    ///   token after token.
    /// - Throws: picture and runtime errors, and ``BlipError`` for a converted folder whose graph
    ///   does not name its layers.
    package nonisolated func hiddenStates(of picture: Picture) async throws -> [[Float]] {
        try await hiddenStates(of: preprocessing.pixelValues(of: picture))
    }

    private func hiddenStates(of pixels: PixelValues) throws -> [[Float]] {
        try Task.checkCancellation()
        let layerCount = configuration.vision.layerCount
        let request = try parts.layerwiseVision(layerCount: layerCount).makeInferRequest()
        try request.setInput(PortName.pixelValues, tensor(of: [pixels]))
        try request.infer()
        return try ((0..<layerCount).map(PortName.hiddenState) + [PortName.imageEmbeddings])
            .map { try request.output($0).array(of: Float.self) }
    }
}
