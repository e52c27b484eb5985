import BLIP
import Hummingbird

/// The service's own protocol: captions, answers and matches of one or several pictures.
struct NativeRoutes: Sendable {
    let inference: Inference
    let admission: Admission
    let version: String
    var hasCameras = false
    /// Whether photographs can be searched.
    let hasLibrary: Bool

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/v1/info") { _, _ in
            let parts = await inference.model.compilations()
            return try Response(
                json: InfoRecord(
                    model: inference.name, version: version,
                    tasks: BlipTask.allCases.filter(inference.model.tasks.contains),
                    devices: Set(parts.flatMap(\.devices)).sorted(),
                    precision: parts.precisions,
                    library: hasLibrary,
                    imageSizes: inference.imageSizes.union([
                        inference.model.configuration.vision.imageSize
                    ]).sorted(),
                    limits: .init(), cameras: hasCameras ? "/cameras" : nil))
        }
        router.post("/v1/captions") { request, _ in
            try await respond(request) { request in
                let options = try request.generation.options()
                try inference.model.validate(captionsWith: options, prompt: request.prompt ?? "")
                try request.checkRows(options.rowCount)
                return { pictures, send in try await captions(of: pictures, request, options, send)
                }
            }
        }
        router.post("/v1/answers") { request, _ in
            try await respond(request) { request in
                let options = try request.generation.options()
                guard !request.questions.isEmpty else {
                    throw ServiceError.invalid("There is no question; send one as question")
                }
                try inference.model.validate(answersTo: request.questions, options: options)
                if request.answers.isEmpty {
                    try request.checkRows(request.questions.count * options.rowCount)
                } else {
                    try inference.model.validate(ranking: request.answers)
                    try request.checkRows(request.questions.count * request.answers.count)
                }
                return { pictures, send in
                    try await answers(about: pictures, request, options, send)
                }
            }
        }
        router.post("/v1/matches") { request, _ in
            try await respond(request) { request in
                guard !request.texts.isEmpty else {
                    throw ServiceError.invalid("There is no text to match; send one as text")
                }
                try inference.model.validate(matching: request.texts)
                return { pictures, _ in try await matches(of: pictures, request) }
            }
        }
    }

    /// Does the work on the request's pictures; what grows meanwhile is sent.
    private typealias Work =
        @Sendable ([EncodedPicture], ResponseStream.Send?) async throws -> any Encodable & Sendable

    /// Reads the request, has it validated, takes a permit, and answers at once or as a
    /// stream.
    private func respond(
        _ request: Request, _ prepare: (NativeRequest) throws -> Work
    ) async throws -> Response {
        let reader = try admission.reader()
        let request = try await NativeRequest(request, reader)
        try inference.check(request.pictures)
        try inference.check(imageSize: request.imageSize)
        let work = try prepare(request)
        let permit = try admission.acquire(reader.memory)
        // Before a stream begins, so that a picture that cannot be read has its status.
        let pictures = try await inference.encode(
            request.pictures, permit, imageSize: request.imageSize)
        return try await permit.respond(
            request.isStreamed ? .events(end: "[DONE]") : nil, .native
        ) { send in try await work(pictures, send) }
    }

    private func captions(
        of pictures: [EncodedPicture], _ request: NativeRequest, _ options: GenerationOptions,
        _ send: ResponseStream.Send?
    ) async throws -> CaptionsRecord {
        let records = try await inOrder(Array(pictures.enumerated())) { index, picture in
            let captions = try await inference.captions(
                of: picture.image, prompt: request.prompt ?? "", options: options,
                progress: deltas(send) { DeltaRecord(image: index, delta: $0) })
            return captions.enumerated().map { number, caption in
                let before = number == 0 ? picture.timings : StageTimings()
                return TextRecord(
                    image: index, caption: caption, timing: TimingRecord(before + caption.timings))
            }
        }
        return CaptionsRecord(model: inference.name, captions: records.flatMap(\.self))
    }

    private func answers(
        about pictures: [EncodedPicture], _ request: NativeRequest, _ options: GenerationOptions,
        _ send: ResponseStream.Send?
    ) async throws -> AnswersRecord {
        let asked = pictures.enumerated().flatMap { index, picture in
            request.questions.enumerated().map { number, question in
                // A picture's own time counts once.
                (index, picture.image, question, number == 0 ? picture.timings : StageTimings())
            }
        }
        let records = try await inOrder(asked) { index, image, question, timings in
            if !request.answers.isEmpty {
                let ranking = try await inference.rank(
                    request.answers, for: question, about: image)
                return [
                    TextRecord(
                        image: index, question: question, ranking: ranking,
                        timing: TimingRecord(timings + ranking.timings))
                ]
            }
            return try await inference.answers(
                to: question, about: image, options: options,
                progress: deltas(send) {
                    DeltaRecord(image: index, question: question, delta: $0)
                }
            ).map {
                TextRecord(
                    image: index, question: question, answer: $0,
                    timing: TimingRecord(timings + $0.timings))
            }
        }
        return AnswersRecord(model: inference.name, answers: records.flatMap(\.self))
    }

    private func matches(
        of pictures: [EncodedPicture], _ request: NativeRequest
    ) async throws -> MatchesRecord {
        let records = try await inOrder(Array(pictures.enumerated())) { index, picture in
            let matches = try await inference.match(request.texts, with: picture.image)
            return zip(request.texts, matches).enumerated().map { number, pair in
                MatchRecord(
                    image: index, text: pair.0, match: pair.1,
                    timing: TimingRecord(
                        (number == 0 ? picture.timings : StageTimings()) + pair.1.timings))
            }
        }
        return MatchesRecord(model: inference.name, matches: records.flatMap(\.self))
    }

    /// Sends the first text's pieces as they settle.
    private func deltas(
        _ send: ResponseStream.Send?, _ record: @escaping @Sendable (String) -> DeltaRecord
    ) -> (@Sendable (PartialText) -> Void)? {
        guard let send else { return nil }
        let deltas = TextDeltas(count: 1)
        return { partial in
            let piece = deltas.grow(partial.index, to: partial.text)
            if !piece.isEmpty { send(record(piece)) }
        }
    }
}
