import OpenVINO

extension BlipModel {
    /// Describes a picture: the first of ``captions(_:prompt:options:)``.
    public func caption(
        _ image: EncodedImage, prompt: String = "", options: GenerationOptions = .init()
    ) throws -> GeneratedText {
        try best(of: captions(image, prompt: prompt, options: options))
    }

    /// Answers a question about a picture: the first of ``answers(to:about:options:)``.
    public func answer(
        _ question: String, about image: EncodedImage, options: GenerationOptions = .init()
    ) throws -> GeneratedText {
        try best(of: answers(to: question, about: image, options: options))
    }

    private func best(of texts: [GeneratedText]) throws -> GeneratedText {
        guard let text = texts.first else {
            throw BlipError(.invalidOption, "No text was asked for; ask for one or more")
        }
        return text
    }

    /// Describes a picture, in several ways if the options ask for them.
    ///
    /// Reference: transformers' `BlipForConditionalGeneration.generate`.
    ///
    /// - Parameters:
    ///   - image: encoded by this model.
    ///   - prompt: words that the caption begins with, such as "a picture of".
    ///   - options: how the text is generated.
    /// - Returns: as many texts as the options ask for, the best first.
    /// - Throws: ``BlipError``, runtime errors, and `CancellationError`.
    public func captions(
        _ image: EncodedImage, prompt: String = "", options: GenerationOptions = .init()
    ) throws -> [GeneratedText] {
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
    /// - Returns: as many answers as the options ask for, the best first.
    /// - Throws: ``BlipError``, runtime errors, and `CancellationError`.
    public func answers(
        to question: String, about image: EncodedImage, options: GenerationOptions = .init()
    ) throws -> [GeneratedText] {
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
    ) throws -> [GeneratedText] {
        var timings = before
        let text = configuration.text
        let prompt = [text.beginTokenID] + words
        try options.validate(promptLength: prompt.count, maximumPositions: text.maximumPositions)
        let found = try timings.measure(\.decode) {
            var decoder = try TextDecoder(
                parts.model(.textDecoder), context: context, stateType: parts.stateType,
                configuration: text)
            if options.beamCount > 1 {
                return try BeamSearch(options: options, endTokenID: text.endTokenID)
                    .run(&decoder, prompts: [prompt]).flatMap(\.self)
            }
            let prompts = [[Int]](repeating: prompt, count: options.sequenceCount)
            return try TokenSearch(options: options, endTokenID: text.endTokenID)
                .run(&decoder, prompts: prompts)
        }
        return found.map {
            GeneratedText(
                text: tokenizer.decode($0.ids), tokenIDs: $0.ids, score: $0.score,
                timings: timings)
        }
    }
}
