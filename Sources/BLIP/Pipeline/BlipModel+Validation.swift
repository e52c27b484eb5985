extension BlipModel {
    /// Checks, without running anything, what ``captions(of:prompt:options:progress:isWanted:)`` would be
    /// given.
    ///
    /// - Throws: the ``BlipError`` that captioning would.
    package nonisolated func validate(
        captionsWith options: GenerationOptions, prompt: String = ""
    ) throws(BlipError) {
        try BlipTask.caption.check(in: tasks, model: folder.lastPathComponent)
        try validate(options, wordCount: tokenCount(of: prompt))
    }

    /// Checks, without running anything, what ``answers(to:options:compatibility:progress:isWanted:)`` would
    /// be given.
    ///
    /// - Throws: the ``BlipError`` that answering would.
    package nonisolated func validate(
        answersTo questions: [String], options: GenerationOptions = .init()
    ) throws(BlipError) {
        try BlipTask.answer.check(in: tasks, model: folder.lastPathComponent)
        for question in questions { try validate(text: question, "question") }
        try validate(options, wordCount: 0)
    }

    /// Checks, without running anything, what ``match(_:with:)->[Match]`` would be given.
    ///
    /// - Throws: the ``BlipError`` that matching would.
    package nonisolated func validate(matching texts: [String]) throws(BlipError) {
        try BlipTask.match.check(in: tasks, model: folder.lastPathComponent)
        for text in texts { try validate(text: text, "text to match") }
    }

    /// Checks a text that is to say something.
    ///
    /// - Parameter kind: what it is, such as "question".
    /// - Throws: ``BlipError`` for one without a word, or of too many.
    package nonisolated func validate(text: String, _ kind: String) throws(BlipError) {
        guard tokenCount(of: text) > 0 else {
            throw BlipError(
                .invalidOption, "A \(kind) needs a word at least, and \"\(text)\" has none")
        }
        try validate(length: tokenizer.encode(text).count)
    }

    private nonisolated func validate(
        _ options: GenerationOptions, wordCount: Int
    ) throws(BlipError) {
        let text = configuration.text
        try options.limited(promptLength: 1 + wordCount, by: text)
            .validate(promptLength: 1 + wordCount, maximumPositions: text.maximumPositions)
    }

    nonisolated func validate(length: Int) throws(BlipError) {
        let limit = configuration.text.maximumPositions
        guard length <= limit else {
            throw BlipError(
                .textTooLong,
                "A text of \(length) tokens is too long for this model, which reads \(limit); "
                    + "shorten it")
        }
    }
}
