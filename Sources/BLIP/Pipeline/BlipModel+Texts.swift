import OpenVINO

extension BlipModel {
    /// How many tokens a text has for this model, without those that mark its beginning and end.
    public nonisolated func tokenCount(of text: String) -> Int {
        max(0, tokenizer.encode(text).count - 2)
    }

    /// A token as the vocabulary writes it: one that continues a word begins with `##`.
    ///
    /// - Returns: `nil` for an id that has no token.
    package nonisolated func token(for id: Int) -> String? { tokenizer.token(for: id) }

    /// Runs the text encoder over texts, each with its picture.
    ///
    /// - Parameter output: the name of what is wanted of it.
    /// - Returns: its rows in the texts' order, which hold until the next call.
    func encodeTexts(
        _ texts: [[Int]], about images: [EncodedImage], _ output: String
    ) throws -> Tensor {
        let width = texts.map(\.count).max() ?? 0
        let runs = images.runs
        let outputs = try runs.map { run in
            try Task.checkCancellation()
            let request = try parts.request(.textEncoder)
            try context(.encoderContext, of: run.map { images[$0] }).bind(to: request)
            try bind(run.map { texts[$0] }, width: width, to: request)
            try parts.infer(.textEncoder, request.infer)
            let rows = try request.output(output)
            return runs.count == 1 ? rows : try rows.copy()
        }
        let order = runs.flatMap(\.self)
        let joined = try Tensor.joining(outputs)
        guard runs.count > 1 else { return joined }
        return try joined.selecting(order.indices.sorted { order[$0] < order[$1] })
    }

    /// Gives a request of an encoder graph its texts, padded to a width that none exceeds.
    func bind(_ texts: [[Int]], width: Int, to request: InferRequest) throws {
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
