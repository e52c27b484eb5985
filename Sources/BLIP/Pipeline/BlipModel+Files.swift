public import BlipPictures
public import Foundation

extension BlipModel {
    /// Reads a picture as is best for this model, and runs the vision model over it.
    ///
    /// - Parameter file: a JPEG, PNG, WebP, GIF or TIFF file.
    /// - Throws: as `encode(_:imageSize:)`.
    public nonisolated func encode(contentsOf file: URL) async throws -> EncodedImage {
        try await encode(Picture(contentsOf: file, options: readingOptions()))
    }

    /// Describes the picture in a file.
    ///
    /// ```swift
    /// let model = try BlipModel(folder: URL(filePath: "blip-image-captioning-base"))
    /// print(try await model.caption(contentsOf: URL(filePath: "beach.jpg")).text)
    /// ```
    public nonisolated func caption(
        contentsOf file: URL, prompt: String = "", options: GenerationOptions = .init()
    ) async throws -> GeneratedText {
        try await caption(
            Picture(contentsOf: file, options: readingOptions()), prompt: prompt, options: options)
    }

    /// Describes a picture.
    public nonisolated func caption(
        _ picture: Picture, prompt: String = "", options: GenerationOptions = .init()
    ) async throws -> GeneratedText {
        try Task.checkCancellation()
        return try await caption(prepare(picture), prompt: prompt, options: options)
    }

    /// One call of the actor, so that pictures that were encoded together are captioned together, before the next
    /// are encoded; only one that comes back late from the threads that all tasks share misses its batch.
    func caption(
        _ picture: PreparedPicture, prompt: String = "", options: GenerationOptions = .init()
    ) async throws -> GeneratedText {
        try await caption(encode(picture), prompt: prompt, options: options)
    }

    /// Describes the pictures in files, several at a time, while the caller goes through what is found.
    ///
    /// ```swift
    /// for try await found in model.captions(of: files) {
    ///     switch found.result {
    ///     case .success(let caption): print(found.file.lastPathComponent, caption.text)
    ///     case .failure(let error): print(error)
    ///     }
    /// }
    /// ```
    ///
    /// As many pictures are read ahead as two batches have, so that memory does not grow with their number.
    ///
    /// - Returns: one element a file, in their order; a file that cannot be read is one too.
    public nonisolated func captions(
        of files: [URL], prompt: String = "", options: GenerationOptions = .init()
    ) -> FileCaptions {
        FileCaptions(files: files, ahead: 2 * batchSize) { [self] file in
            try await caption(contentsOf: file, prompt: prompt, options: options)
        }
    }

    /// As ``pictureOptions``, without waiting for a model that is at work.
    private nonisolated func readingOptions() async -> PictureOptions {
        if let known = knownPictureOptions.withLock(\.self) { return known }
        let options = await pictureOptions
        knownPictureOptions.withLock { $0 = options }
        return options
    }
}

/// The captions of files, in their order; see ``BlipModel/captions(of:prompt:options:)``.
public struct FileCaptions: AsyncSequence, Sendable {
    /// A file's caption, or why there is none.
    public struct Element: Sendable {
        /// The file, as it was given.
        public let file: URL
        /// Its caption, or what reading or captioning it threw.
        public let result: Result<GeneratedText, any Error>
    }

    let files: [URL]
    /// How many are read and run at a time.
    let ahead: Int
    let caption: @Sendable (URL) async throws -> GeneratedText

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(captions: self)
    }

    /// Reads ahead.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let captions: FileCaptions
        private var left: ArraySlice<URL>
        private let ahead = RunningTasks()

        fileprivate init(captions: FileCaptions) {
            self.captions = captions
            left = captions.files[...]
        }

        /// The next file's caption; `nil` behind the last.
        ///
        /// - Throws: `CancellationError` and nothing else.
        public mutating func next() async throws -> Element? {
            try Task.checkCancellation()
            while ahead.tasks.count < captions.ahead, let file = left.popFirst() {
                ahead.tasks.append(
                    Task { [caption = captions.caption] in
                        do {
                            return Element(file: file, result: .success(try await caption(file)))
                        } catch {
                            return Element(file: file, result: .failure(error))
                        }
                    })
            }
            guard !ahead.tasks.isEmpty else { return nil }
            let next = ahead.tasks.removeFirst()
            let found = await withTaskCancellationHandler {
                await next.value
            } onCancel: {
                next.cancel()
            }
            try Task.checkCancellation()
            return found
        }
    }

    /// Ends what runs ahead when nobody goes on.
    private final class RunningTasks {
        var tasks: [Task<Element, Never>] = []
        deinit { for task in tasks { task.cancel() } }
    }
}
