import BlipCheckpoint

extension BlipConfiguration {
    /// Reads the configuration off the tensors, for files without a `config.json`, such as Salesforce's
    /// `.pth` files or what `torch.save` made of a model's `state_dict()`.
    ///
    /// Shapes tell everything but the heads, which are 64 wide in all of the family, and the
    /// normalizations' epsilons, which are those of the code that the names are of.
    ///
    /// - Throws: ``BlipError`` for tensors that are no BLIP model's, or of one with other heads.
    init(inferredFrom source: TensorSource) throws(BlipError) {
        var vision = VisionConfiguration()
        let patches = try source.shape("vision_model.embeddings.patch_embedding.weight", rank: 4)
        let positions = try source.shape("vision_model.embeddings.position_embedding", rank: 3)
        vision.hiddenSize = patches[0]
        vision.patchSize = patches[2]
        let side = Int(Double(max(0, positions[1] - 1)).squareRoot().rounded())
        vision.imageSize = side.multipliedReportingOverflow(by: vision.patchSize).partialValue
        vision.layerCount = source.layerCount("vision_model.encoder.layers")
        vision.headCount = max(1, vision.hiddenSize / 64)
        if source.isSalesforces { vision.layerNormEpsilon = 1e-6 }
        vision.intermediateSize = try source.shape(
            "vision_model.encoder.layers.0.mlp.fc1.weight", rank: 2)[0]

        var text = TextConfiguration()
        let root =
            source.contains("text_decoder.bert.embeddings.word_embeddings.weight")
            ? "text_decoder.bert" : "text_encoder"
        let words = try source.shape("\(root).embeddings.word_embeddings.weight", rank: 2)
        text.vocabularySize = words[0]
        text.hiddenSize = words[1]
        text.headCount = max(1, text.hiddenSize / 64)
        text.maximumPositions = try source.shape(
            "\(root).embeddings.position_embeddings.weight", rank: 2)[0]
        text.layerCount = source.layerCount("\(root).encoder.layer")
        text.intermediateSize = try source.shape(
            "\(root).encoder.layer.0.intermediate.dense.weight", rank: 2)[0]
        // [DEC] and [ENC] are added behind BERT's vocabulary.
        text.beginTokenID = text.vocabularySize - 2

        self.vision = vision
        self.text = text
        imageTextHiddenSize =
            source.contains("vision_proj.weight")
            ? try source.shape("vision_proj.weight", rank: 2)[0] : 256
        guard
            source.isSalesforces
                || [vision.hiddenSize, text.hiddenSize].allSatisfy({ $0 % 64 == 0 })
        else {
            throw BlipError(
                .invalidConfiguration,
                "There is no config.json, and the tensors do not tell how many heads the attention of a model "
                    + "\(text.hiddenSize) wide has; put config.json beside them")
        }
        try validate()
    }
}

extension TensorSource {
    fileprivate func shape(_ name: String, rank: Int) throws(BlipError) -> [Int] {
        guard let entry = entry(name) else {
            throw BlipError(
                .missingTensor,
                "The checkpoint has no config.json and no tensor \"\(name)\"; it is no BLIP model, "
                    + "or not all of one")
        }
        guard entry.shape.count == rank else {
            throw BlipError(
                .wrongTensor,
                "The tensor \"\(name)\" has the shape \(entry.shape), which no BLIP model's has")
        }
        return entry.shape
    }

    /// How many layers stand below a path.
    fileprivate func layerCount(_ path: String) -> Int {
        let numbers = tensors.keys.compactMap { name -> Int? in
            guard name.hasPrefix(path + ".") else { return nil }
            return name.dropFirst(path.count + 1).split(separator: ".").first.flatMap { Int($0) }
        }
        // More layers than any model has are refused when the configuration is validated.
        return min(numbers.max() ?? -1, 1_000) + 1
    }
}
