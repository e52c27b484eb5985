extension BlipModel {
    /// Describes a picture, and tells the text as it grows.
    ///
    /// ```swift
    /// for try await text in model.captionUpdates(of: image) { print(text.text) }
    /// ```
    ///
    /// - Returns: the text after each token, and last the whole text. A beam search knows only that. Whoever
    ///   stops reading ends it.
    public nonisolated func captionUpdates(
        of image: EncodedImage, prompt: String = "", options: GenerationOptions = .init()
    ) -> AsyncThrowingStream<PartialText, any Error> {
        updates { [self] progress in
            try await caption(image, prompt: prompt, options: options, progress: progress)
        }
    }

    /// Answers a question, and tells the answer as it grows; as ``captionUpdates(of:prompt:options:)``.
    public nonisolated func answerUpdates(
        to question: String, about image: EncodedImage, options: GenerationOptions = .init(),
        compatibility: Compatibility = .transformers
    ) -> AsyncThrowingStream<PartialText, any Error> {
        updates { [self] progress in
            try await answer(
                question, about: image, options: options, compatibility: compatibility,
                progress: progress)
        }
    }

    private nonisolated func updates(
        _ write:
            @escaping @Sendable (@escaping @Sendable (PartialText) -> Void) async throws ->
            GeneratedText
    ) -> AsyncThrowingStream<PartialText, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    let whole = try await write { continuation.yield($0) }
                    continuation.yield(
                        PartialText(
                            input: 0, index: 0, text: whole.text, tokenIDs: whole.tokenIDs))
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }
}
