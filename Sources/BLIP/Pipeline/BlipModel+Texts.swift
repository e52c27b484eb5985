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
        let runs = parts.fixesShapes ? images.runs.flatMap(\.asBatches) : images.runs
        let outputs = try runs.map { run in
            try Task.checkCancellation()
            let context = try context(.encoderContext, of: run.map { images[$0] })
            var sizes = try sizes(of: run.count, width: width)
            sizes.context = context.width
            sizes.contextBatch = context.lengths.count > 1 ? sizes.batch : 1
            let request = try parts.request(.textEncoder, sizes)
            try context.bind(to: request, allocating: sizes.contextBatch)
            try request.bindTexts(
                run.map { texts[$0] }, sizes, pad: configuration.text.padTokenID)
            try parts.infer(.textEncoder, sizes, request.infer)
            let rows = try request.output(output).firstRows(run.count)
            return runs.count == 1 ? rows : try rows.copy()
        }
        let order = runs.flatMap(\.self)
        let joined = try Tensor.joining(outputs)
        guard runs.count > 1 else { return joined }
        return try joined.selecting(order.indices.sorted { order[$0] < order[$1] })
    }

    /// Those of an encoder graph for so many texts.
    ///
    /// - Parameter width: the longest text's tokens.
    func sizes(of count: Int, width: Int) throws(BlipError) -> PartSizes {
        try validate(length: width)
        guard parts.fixesShapes else { return PartSizes(batch: count, tokens: width) }
        let limit = configuration.text.maximumPositions
        return PartSizes(
            batch: ShapeBuckets.batch(count),
            tokens: ShapeBuckets.textTokens(width, limit: limit))
    }
}

extension InferRequest {
    /// Gives a request of an encoder graph its texts, padded to these sizes.
    func bindTexts(_ texts: [[Int]], _ sizes: PartSizes, pad: Int) throws {
        let (rows, width) = (sizes.batch, sizes.tokens)
        let texts = texts + [[Int]](repeating: [], count: rows - texts.count)
        let pad = Int64(pad)
        let ids = texts.flatMap { text in
            text.map(Int64.init) + [Int64](repeating: pad, count: width - text.count)
        }
        let mask = texts.flatMap { text in
            (0..<width).map { $0 < text.count ? 0 : maskedScore }
        }
        try setInput(PortName.inputIDs, Tensor(ids, shape: [rows, width]))
        try setInput(PortName.positionIDs, Tensor((0..<width).map(Int64.init), shape: [1, width]))
        try setInput(PortName.selfMask, Tensor(mask, shape: [rows, 1, 1, width]))
    }
}

extension [Int] {
    /// The same in runs of no more than a graph of fixed shapes takes.
    fileprivate var asBatches: [[Int]] {
        stride(from: 0, to: count, by: ShapeBuckets.largestBatch).map {
            Array(self[$0..<Swift.min($0 + ShapeBuckets.largestBatch, count)])
        }
    }
}
