import OpenVINO

/// A question about a picture.
public struct Question: Sendable {
    /// One question, in words.
    public let text: String
    /// The picture that it is about.
    public let image: EncodedImage
    /// How its answer is generated; `nil` for as the others of its call.
    public let options: GenerationOptions?

    /// - Parameters:
    ///   - text: one question, in words.
    ///   - image: encoded by the model that is to answer.
    ///   - options: how its answer is generated; `nil` for as the others of its call. Questions of other
    ///     options are a batch of their own.
    public init(_ text: String, about image: EncodedImage, options: GenerationOptions? = nil) {
        self.text = text
        self.image = image
        self.options = options
    }
}

extension BlipModel {
    /// Describes a picture: the best of ``captions(of:prompt:options:progress:isWanted:)``.
    ///
    /// Calls of other tasks with the same prompt and options share its batch.
    ///
    /// - Parameters:
    ///   - image: encoded by this model.
    ///   - prompt: what the caption begins with.
    ///   - options: how the text is generated.
    ///   - progress: called with the text as it grows, but not by a beam search.
    public func caption(
        _ image: EncodedImage, prompt: String = "", options: GenerationOptions = .init(),
        progress: (@Sendable (PartialText) -> Void)? = nil
    ) async throws -> GeneratedText {
        try first(
            of: await share(
                queues.captions,
                .init(
                    prompt: prompt, options: options, tokens: image.shape.tokens), image,
                progress: progress)
        )
    }

    /// Describes pictures; they are decoded as one batch that finished captions leave.
    ///
    /// Reference: transformers' `BlipForConditionalGeneration.generate`. At f32 a batch gives the
    /// same tokens as one picture after another.
    ///
    /// - Parameters:
    ///   - images: encoded by this model, all looked at in one size.
    ///   - prompt: words that the captions begin with, such as "a picture of".
    ///   - options: how the texts are generated.
    ///   - progress: called with each text as it grows, but not by a beam search, whose texts are
    ///     known only at its end.
    ///   - isWanted: asked after each step whether an input's texts are still wanted; those of the
    ///     others are given up and end unfinished, or are left out.
    /// - Returns: for each picture as many texts as the options ask for, the best first.
    /// - Throws: ``BlipError``, runtime errors, and `CancellationError`.
    public func captions(
        of images: [EncodedImage], prompt: String = "", options: GenerationOptions = .init(),
        progress: (@Sendable (PartialText) -> Void)? = nil,
        isWanted: (@Sendable (_ input: Int) -> Bool)? = nil
    ) throws -> [[GeneratedText]] {
        try BlipTask.caption.check(in: tasks, model: folder.lastPathComponent)
        guard let first = images.first else { return [] }
        guard images.allSatisfy({ $0.shape.tokens == first.shape.tokens }) else {
            throw BlipError(
                .invalidOption,
                "Pictures that were looked at in different sizes are captioned in calls of their own; give "
                    + "those of one size")
        }
        // [CLS] gives way to the begin token; [SEP] would end the text.
        let words = tokenizer.encode(prompt).dropFirst().dropLast()
        return try recovering {
            var timings = StageTimings()
            let pictures = try timings.measure(\.vision) {
                try context(.decoderContext, of: images)
            }
            return try generate(
                Array(words), count: images.count, attendingTo: pictures, options, timings,
                progress, isWanted)
        }
    }

    /// Answers a question: the best of ``answers(to:options:compatibility:progress:isWanted:)``.
    ///
    /// Calls of other tasks with the same options share its batch.
    ///
    /// - Parameters:
    ///   - question: in words.
    ///   - image: encoded by this model.
    ///   - options: how the answer is generated.
    ///   - compatibility: whose answers to give.
    ///   - progress: called with the answer as it grows, but not by a beam search.
    public func answer(
        _ question: String, about image: EncodedImage, options: GenerationOptions = .init(),
        compatibility: Compatibility = .transformers,
        progress: (@Sendable (PartialText) -> Void)? = nil
    ) async throws -> GeneratedText {
        try first(
            of: await share(
                queues.answers, .init(options: options, compatibility: compatibility),
                Question(question, about: image), progress: progress))
    }

    /// Answers questions, about one picture or several, as one batch that finished answers leave.
    ///
    /// Reference: transformers' `BlipForQuestionAnswering.generate`. At f32 a batch gives the same
    /// tokens as one question after another.
    ///
    /// - Parameters:
    ///   - questions: in any mix and order; what is computed of a picture is computed once, and kept for
    ///     later questions.
    ///   - options: how the answers are generated of questions that do not say it themselves.
    ///   - compatibility: how the questions are treated.
    ///   - progress: called with each answer as it grows, but not by a beam search, whose texts are
    ///     known only at its end.
    ///   - isWanted: asked after each step whether an input's answers are still wanted; those of the
    ///     others are given up and end unfinished, or are left out.
    /// - Returns: for each question as many answers as the options ask for, the best first.
    /// - Throws: ``BlipError``, runtime errors, and `CancellationError`.
    public func answers(
        to questions: [Question], options: GenerationOptions = .init(),
        compatibility: Compatibility = .transformers,
        progress: (@Sendable (PartialText) -> Void)? = nil,
        isWanted: (@Sendable (_ input: Int) -> Bool)? = nil
    ) throws -> [[GeneratedText]] {
        try BlipTask.answer.check(in: tasks, model: folder.lastPathComponent)
        for question in questions { try validate(text: question.text, "question") }
        guard !questions.isEmpty else { return [] }
        let batches = questions.batches(by: options)
        guard batches.count == 1, let options = batches.first?.options else {
            return try answers(
                toEach: batches, of: questions, compatibility, progress, isWanted)
        }
        return try recovering {
            var timings = StageTimings()
            let states = try encode(questions, compatibility, &timings)
            return try generate(
                [], count: questions.count, attendingTo: states, options, timings, progress,
                isWanted)
        }
    }

    /// The questions' states, as what the decoder attends to.
    func encode(
        _ questions: [Question], _ compatibility: Compatibility, _ timings: inout StageTimings
    ) throws -> CrossAttentionContext {
        let texts = try questions.map { try tokens(of: $0.text, compatibility) }
        let images = questions.map(\.image)
        try timings.measure(\.vision) { _ = try rows(.encoderContext, of: images) }
        return try timings.measure(\.text) {
            try context(
                .decoderContext, of: encodeTexts(texts, about: images, PortName.lastHiddenState),
                lengths: texts.map(\.count))
        }
    }

    private func generate(
        _ words: [Int], count: Int, attendingTo context: CrossAttentionContext,
        _ options: GenerationOptions, _ before: StageTimings,
        _ progress: (@Sendable (PartialText) -> Void)?, _ isWanted: (@Sendable (Int) -> Bool)?
    ) throws -> [[GeneratedText]] {
        var timings = before
        let text = configuration.text
        let prompt = [text.beginTokenID] + words
        let options = options.limited(promptLength: prompt.count, by: text)
        try options.validate(promptLength: prompt.count, maximumPositions: text.maximumPositions)
        let prompts = [[Int]](repeating: prompt, count: count)
        var search = TokenSearch(options: options, endTokenID: text.endTokenID)
        search.isWanted = isWanted
        if let progress {
            search.progress = { [tokenizer] prompt, index, ids in
                let ids = Array(ids)
                progress(
                    PartialText(
                        input: prompt, index: index, text: tokenizer.decode(ids), tokenIDs: ids))
            }
        }
        let found = try timings.measure(\.decode) {
            try decode(attendingTo: context) { decoder in
                options.beamCount > 1
                    ? try BeamSearch(
                        options: options, endTokenID: text.endTokenID, isWanted: isWanted
                    ).run(&decoder, prompts: prompts)
                    : try search.run(&decoder, prompts: prompts)
            }
        }
        let share = timings / count
        return found.map { texts in
            texts.map {
                GeneratedText(
                    text: tokenizer.decode($0.ids), tokenIDs: $0.ids, score: $0.score,
                    logProbabilities: $0.logProbabilities,
                    timings: share)
            }
        }
    }

    /// Runs a search with a decoder that attends to a context.
    func decode<Result>(
        attendingTo context: CrossAttentionContext, _ search: (inout TextDecoder) throws -> Result
    ) throws -> Result {
        var decoder = TextDecoder(
            context: context, stateType: parts.stateType, fixesShapes: parts.fixesShapes,
            configuration: configuration.text
        ) { [parts] in
            try parts.model(.textDecoder, $0).makeInferRequest()
        } infer: { [parts] sizes, request in
            try parts.infer(.textDecoder, sizes, request.infer)
        }
        return try search(&decoder)
    }
}
