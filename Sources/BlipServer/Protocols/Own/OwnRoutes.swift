import BLIP
import Hummingbird

/// The service's own protocol: captions, answers and matches of one or several pictures.
struct OwnRoutes: Sendable {
    let inference: Inference
    let admission: Admission

    func add(to router: Router<BasicRequestContext>) {
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
        @Sendable ([SeenPicture], ResponseStream.Send?) async throws -> any Encodable

    /// Reads the request, has it checked, takes a place in the queue, and answers at once or as a
    /// stream.
    private func respond(
        _ request: Request, _ prepare: (OwnRequest) throws -> Work
    ) async throws -> Response {
        let reader = try admission.reader()
        let request = try await OwnRequest(request, reader)
        try inference.check(request.pictures)
        let work = try prepare(request)
        let place = try admission.takePlace(reader.memory)
        // Before a stream begins, so that a picture that cannot be read has its status.
        let pictures = try await inference.encode(request.pictures, place.memory)
        guard request.isStreamed else {
            defer { place.leave() }
            return try jsonResponse(try await work(pictures, nil))
        }
        return ResponseStream.response(
            .events, last: "[DONE]", failure: { WireProtocol.own.body(of: $0) }
        ) { send in
            defer { place.leave() }
            send(try await work(pictures, send))
        }
    }

    private func captions(
        of pictures: [SeenPicture], _ request: OwnRequest, _ options: GenerationOptions,
        _ send: ResponseStream.Send?
    ) async throws -> CaptionsRecord {
        let records = try await inOrder(Array(pictures.enumerated())) { index, picture in
            let captions = try await inference.captions(
                of: picture.image, prompt: request.prompt ?? "", options: options,
                progress: deltas(send) { DeltaRecord(image: index, delta: $0) })
            return captions.enumerated().map { number, caption in
                TextRecord(
                    image: index, caption: caption,
                    number == 0 ? picture.timings : StageTimings())
            }
        }
        return CaptionsRecord(model: inference.name, captions: records.flatMap(\.self))
    }

    private func answers(
        about pictures: [SeenPicture], _ request: OwnRequest, _ options: GenerationOptions,
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
                    TextRecord(image: index, question: question, ranking: ranking, timings)
                ]
            }
            return try await inference.answers(
                to: question, about: image, options: options,
                progress: deltas(send) {
                    DeltaRecord(image: index, question: question, delta: $0)
                }
            ).map { TextRecord(image: index, question: question, answer: $0, timings) }
        }
        return AnswersRecord(model: inference.name, answers: records.flatMap(\.self))
    }

    private func matches(
        of pictures: [SeenPicture], _ request: OwnRequest
    ) async throws -> MatchesRecord {
        let records = try await inOrder(Array(pictures.enumerated())) { index, picture in
            let matches = try await inference.match(request.texts, with: picture.image)
            return zip(request.texts, matches).enumerated().map { number, pair in
                MatchRecord(
                    image: index, text: pair.0, matchProbability: pair.1.probability,
                    similarity: pair.1.similarity,
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
