import OpenVINO

extension BlipModel {
    /// Describes a picture.
    ///
    /// Reference: transformers' `BlipForConditionalGeneration.generate`.
    ///
    /// - Parameters:
    ///   - image: encoded by this model.
    ///   - prompt: words that the caption begins with, such as "a picture of".
    ///   - options: how the text is generated.
    /// - Throws: ``BlipError``, runtime errors, and `CancellationError`.
    public func caption(
        _ image: EncodedImage, prompt: String = "", options: GenerationOptions = .init()
    ) throws -> GeneratedText {
        try BlipTask.caption.check(in: tasks, model: folder.lastPathComponent)
        // [CLS] gives way to the begin token; [SEP] would end the text.
        let words = tokenizer.encode(prompt).dropFirst().dropLast()
        var timings = StageTimings()
        let picture = try timings.measure(\.vision) {
            try context(.decoderContext, of: image)
        }
        return try generate(Array(words), attendingTo: picture, options, timings)
    }

    /// Answers a question about a picture.
    ///
    /// Reference: transformers' `BlipForQuestionAnswering.generate`.
    ///
    /// - Parameters:
    ///   - question: one question, in words.
    ///   - image: encoded by this model.
    ///   - options: how the answer is generated.
    /// - Throws: ``BlipError``, runtime errors, and `CancellationError`.
    public func answer(
        _ question: String, about image: EncodedImage, options: GenerationOptions = .init()
    ) throws -> GeneratedText {
        try BlipTask.answer.check(in: tasks, model: folder.lastPathComponent)
        var timings = StageTimings()
        let picture = try timings.measure(\.vision) { try context(.encoderContext, of: image) }
        let question = try timings.measure(\.text) {
            let states = try encode(tokenizer.encode(question), attendingTo: picture)
                .output(PortName.lastHiddenState)
            return try CrossAttentionContext(
                of: states, with: parts.model(.decoderContext),
                layerCount: configuration.text.layerCount)
        }
        return try generate([], attendingTo: question, options, timings)
    }

    /// Runs the text encoder over a text and a picture.
    ///
    /// - Returns: the request whose outputs are the text's states.
    func encode(_ ids: [Int], attendingTo picture: CrossAttentionContext) throws -> InferRequest {
        let request = try parts.request(.textEncoder)
        try picture.bind(to: request)
        try bind(ids, to: request)
        try request.infer()
        return request
    }

    /// Gives a request of an encoder graph its text.
    func bind(_ ids: [Int], to request: InferRequest) throws {
        let limit = configuration.text.maximumPositions
        guard ids.count <= limit else {
            throw BlipError(
                .textTooLong,
                "A text of \(ids.count) tokens is too long for this model, which reads \(limit); "
                    + "shorten it")
        }
        let shape = [1, ids.count]
        try request.setInput(PortName.inputIDs, Tensor(ids.map(Int64.init), shape: shape))
        try request.setInput(
            PortName.positionIDs, Tensor(ids.indices.map(Int64.init), shape: shape))
        let mask = [Float](repeating: 0, count: ids.count)
        try request.setInput(PortName.selfMask, Tensor(mask, shape: [1, 1, 1, ids.count]))
    }

    private func generate(
        _ words: [Int], attendingTo context: CrossAttentionContext, _ options: GenerationOptions,
        _ before: StageTimings
    ) throws -> GeneratedText {
        var timings = before
        let text = configuration.text
        let prompt = [text.beginTokenID] + words
        try options.validate(promptLength: prompt.count, maximumPositions: text.maximumPositions)
        let tokens = try timings.measure(\.decode) {
            var decoder = try TextDecoder(
                parts.model(.textDecoder), context: context, stateType: parts.stateType,
                configuration: text)
            let search = GreedySearch(options: options, endTokenID: text.endTokenID)
            return try search.run(&decoder, prompts: [prompt])[0]
        }
        return GeneratedText(
            text: tokenizer.decode(tokens.ids), tokenIDs: tokens.ids, score: tokens.score,
            timings: timings)
    }
}
