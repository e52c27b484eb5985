import BLIP
import BlipPictures
import BlipWireFormats
import Foundation

/// Answers requests, any number at a time: the model puts those that wait together into batches.
struct RequestRunner: Sendable {
    let model: BlipModel
    let options: PictureOptions
    let decoding: DecodingPlaces

    struct Answer: Sendable {
        let record: ResultRecord
        let payload: [UInt8]
    }

    /// - Parameter decoded: called once when the payload is no longer needed.
    /// - Throws: what is wrong with the request or its picture.
    func answer(
        _ request: WorkerRequest, payload: [UInt8], decoded: @Sendable () async -> Void
    ) async throws -> Answer {
        let source: PictureSource?
        do {
            try validate(request)
            source = try request.source(payload: payload)
        } catch {
            await decoded()
            throw error
        }
        guard let source else {
            await decoded()
            return try await embed(nil, request)
        }
        let prepared: PreparedPicture
        do {
            prepared = try await decoding.run { try model.prepare(source.picture(options)) }
        } catch {
            await decoded()
            throw error
        }
        await decoded()
        let image = try await model.encode(prepared)
        switch request.task {
        case .caption: return try await caption(image, request)
        case .ask: return try await ask(image, request)
        case .match: return try await match(image, request)
        case .embed: return try await embed(image, request)
        }
    }

    /// Refuses what the model could not do, before its picture is decoded.
    private func validate(_ request: WorkerRequest) throws {
        let options = request.options?.options(or: .init()) ?? .init()
        switch request.task {
        case .caption:
            if let prompt = request.prompt { try model.validate(text: prompt, "prompt") }
            try model.validate(captionsWith: options, prompt: request.prompt ?? "")
        case .ask:
            let questions = try request.required(request.questions, "questions")
            if let answers = request.answers { try model.validate(ranking: answers) }
            try model.validate(answersTo: questions, options: answerOptions(request))
        case .match:
            try model.validate(matching: request.required(request.texts, "texts"))
        case .embed:
            try model.validate(matching: request.texts ?? [])
        }
    }

    private func answerOptions(_ request: WorkerRequest) throws(WorkerProblem) -> GenerationOptions
    {
        let defaults: GenerationOptions =
            try request.compatibility() == .salesforce ? .salesforceAnswers : .init()
        return request.options?.options(or: defaults) ?? defaults
    }

    private func caption(_ image: EncodedImage, _ request: WorkerRequest) async throws -> Answer {
        let options = request.options?.options(or: .init()) ?? .init()
        let prompt = request.prompt ?? ""
        // Single captions share batches.
        let captions =
            options.sequenceCount == 1
            ? [try await model.caption(image, prompt: prompt, options: options)]
            : try await model.captions(of: [image], prompt: prompt, options: options).first ?? []
        return answer(request, image, captions.map(\.timings)) {
            $0.captions = captions.map(TextFields.init)
        }
    }

    private func ask(_ image: EncodedImage, _ request: WorkerRequest) async throws -> Answer {
        let questions = try request.required(request.questions, "questions")
        let options = try answerOptions(request)
        let compatibility = try request.compatibility()
        if let list = request.answers {
            var rankings: [Ranking] = []
            for question in questions {
                rankings.append(
                    try await model.rank(
                        list, for: question, about: image, compatibility: compatibility))
            }
            return answer(request, image, rankings.map(\.timings)) {
                $0.answers = zip(questions, rankings).map { AnswerFields($0, $1) }
            }
        }
        let texts = try await questions.concurrentMap {
            try await model.answer(
                $0, about: image, options: options, compatibility: compatibility)
        }
        return answer(request, image, texts.map(\.timings)) {
            $0.answers = zip(questions, texts).map { AnswerFields($0, $1) }
        }
    }

    private func match(_ image: EncodedImage, _ request: WorkerRequest) async throws -> Answer {
        let texts = try request.required(request.texts, "texts")
        let matches = try await texts.concurrentMap { try await model.match($0, with: image) }
        return answer(request, image, matches.map(\.timings)) {
            $0.matches = zip(texts, matches).map { MatchFields($0, $1) }
        }
    }

    /// The picture's vector, then the texts'.
    private func embed(_ image: EncodedImage?, _ request: WorkerRequest) async throws -> Answer {
        var vectors: [Embedding] = []
        if let image { vectors.append(try await model.embedding(of: image)) }
        vectors += try await model.embeddings(of: request.texts ?? [])
        let bytes = vectors.flatMap(\.values).flatMap { value in
            withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init)
        }
        return answer(request, image, [], payload: bytes) {
            $0.vectors = vectors.count
            $0.width = vectors.first?.values.count ?? 0
        }
    }

    private func answer(
        _ request: WorkerRequest, _ image: EncodedImage?, _ timings: [StageTimings],
        payload: [UInt8] = [], _ fill: (inout ResultRecord) -> Void
    ) -> Answer {
        var record = ResultRecord(id: request.id, task: request.task)
        record.timing = TimingRecord(timings.reduce(image?.timings ?? StageTimings(), +))
        fill(&record)
        return Answer(record: record, payload: payload)
    }
}

/// Decodes some pictures at a time: each may take 300 MB.
actor DecodingPlaces {
    private var free = min(4, ProcessInfo.processInfo.activeProcessorCount)
    private var waiting: [CheckedContinuation<Void, Never>] = []

    nonisolated func run<Result: Sendable>(
        _ work: @Sendable () throws -> Result
    ) async throws -> Result {
        await enter()
        do {
            let result = try work()
            await leave()
            return result
        } catch {
            await leave()
            throw error
        }
    }

    private func enter() async {
        guard free == 0 else { return free -= 1 }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}

extension Array where Element: Sendable {
    /// All at the same time, the results in their order.
    fileprivate func concurrentMap<Result: Sendable>(
        _ body: @escaping @Sendable (Element) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            for (index, element) in enumerated() {
                group.addTask { (index, try await body(element)) }
            }
            let results = try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            return indices.compactMap { results[$0] }
        }
    }
}
