import OpenVINO

extension BlipModel {
    /// How many tokens a text has for this model, without those that mark its beginning and end.
    public nonisolated func tokenCount(of text: String) -> Int {
        max(0, tokenizer.encode(text).count - 2)
    }

    /// A token as the vocabulary writes it: one that continues a word begins with `##`.
    ///
    /// - Returns: `nil` for an id that has no token.
    public nonisolated func token(for id: Int) -> String? { tokenizer.token(for: id) }

    /// Runs the text encoder over texts and what they attend to of their pictures.
    ///
    /// - Returns: the request, whose outputs hold until the next call.
    func encodeTexts(
        _ texts: [[Int]], attendingTo pictures: CrossAttentionContext
    ) throws -> InferRequest {
        let request = try parts.request(.textEncoder)
        try pictures.bind(to: request)
        try bind(texts, to: request)
        try parts.infer(.textEncoder, request.infer)
        return request
    }

    /// Gives a request of an encoder graph its texts, padded to the longest.
    func bind(_ texts: [[Int]], to request: InferRequest) throws {
        let width = texts.map(\.count).max() ?? 0
        try validate(length: width)
        let pad = Int64(configuration.text.padTokenID)
        let ids = texts.flatMap { text in
            text.map(Int64.init) + [Int64](repeating: pad, count: width - text.count)
        }
        let mask = texts.flatMap { text in
            (0..<width).map { $0 < text.count ? 0 : maskedScore }
        }
        try request.setInput(PortName.inputIDs, Tensor(ids, shape: [texts.count, width]))
        try request.setInput(
            PortName.positionIDs, Tensor((0..<width).map(Int64.init), shape: [1, width]))
        try request.setInput(PortName.selfMask, Tensor(mask, shape: [texts.count, 1, 1, width]))
    }
}
