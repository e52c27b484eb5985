import BLIP
import Hummingbird

/// The Open Inference Protocol, version 2, over HTTP, with its binary tensor extension: what KServe,
/// Triton and OpenVINO Model Server speak.
struct OpenInferenceRoutes: Sendable {
    let inference: Inference
    let admission: Admission
    let readiness: Readiness
    let version: String
    private let statistics = InferenceStatistics()

    init(
        inference: Inference, admission: Admission, readiness: Readiness, version: String
    ) {
        self.inference = inference
        self.admission = admission
        self.readiness = readiness
        self.version = version
    }

    /// The protocol's names stand in paths: of `Salesforce/blip-vqa-base` it takes the last part.
    private var name: String {
        inference.name.split(separator: "/").last.map(String.init) ?? "blip"
    }

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/v2") { _, _ in try Response(json: OpenInferenceServer(version: version)) }
        router.get("/v2/health/live") { _, _ in try Response(json: HealthRecord(live: true)) }
        router.get("/v2/health/ready") { _, _ in
            try readiness.check()
            return try Response(json: HealthRecord(ready: true))
        }
        let stats = { @Sendable in
            try Response(
                json: OpenInferenceStatistics(
                    modelStats: [statistics.record(name: name, version: ModelMetadata.version)]))
        }
        router.get("/v2/models/stats") { _, _ in try stats() }
        router.post("/v2/repository/index") { _, _ in
            try Response(
                json: [
                    RepositoryEntry(
                        name: name, version: ModelMetadata.version,
                        state: readiness.isReady ? "READY" : "UNAVAILABLE")
                ])
        }
        for path in ["/v2/models/{name}", "/v2/models/{name}/versions/{version}"] {
            router.get("\(path)") { _, context in
                try check(context)
                return try Response(
                    json: ModelMetadata(name: name, tasks: inference.model.tasks))
            }
            router.get("\(path)/ready") { _, context in
                try check(context)
                try readiness.check()
                return try Response(json: HealthRecord(name: name, ready: true))
            }
            router.get("\(path)/config") { _, context in
                try check(context)
                return try Response(
                    json: ModelConfiguration(
                        ModelMetadata(name: name, tasks: inference.model.tasks)))
            }
            router.get("\(path)/stats") { _, context in
                try check(context)
                return try stats()
            }
            router.post("\(path)/infer") { request, context in
                try check(context)
                return try await infer(request)
            }
        }
    }

    private func check(_ context: ServiceRequestContext) throws(ServiceError) {
        let asked = context.parameters.get("name")?.removingPercentEncoding ?? ""
        guard asked == name || asked == inference.name else {
            throw ServiceError(.notFound, "model_not_found", "This server only has \(name)")
        }
        guard [nil, ModelMetadata.version].contains(context.parameters.get("version")) else {
            throw ServiceError(
                .notFound, "model_not_found", "Of \(name) there is only version 1")
        }
    }

    private func infer(_ request: Request) async throws -> Response {
        let start = ContinuousClock.now
        do {
            let (response, pictures) = try await answer(request)
            statistics.countSuccess(of: pictures, ContinuousClock.now - start)
            return response
        } catch {
            statistics.countFailure(ContinuousClock.now - start)
            throw error
        }
    }

    private func answer(_ request: Request) async throws -> (Response, pictures: Int) {
        let reader = try admission.reader()
        let request = try await OpenInferenceRequest(request, reader)
        let options = try request.generation.options()
        try validate(request, options)
        let permit = try admission.acquire(reader.memory)
        defer { permit.release() }
        let tensors = try await permit.limit {
            try await outputs(of: request, permit, options)
        }
        let response = try OpenInferenceResponse(
            modelName: name, modelVersion: ModelMetadata.version, id: request.id,
            outputs: request.wanted(of: tensors)
        ).response()
        return (response, request.pictures.count)
    }

    /// Refuses what cannot be done, before any work.
    private func validate(_ request: OpenInferenceRequest, _ options: GenerationOptions) throws {
        try inference.check(request.pictures)
        switch request.task {
        case .caption: try inference.model.validate(captionsWith: options)
        case .answer(let questions):
            try inference.model.validate(answersTo: questions, options: options)
        case .match(let texts): try inference.model.validate(matching: texts)
        }
    }

    private func outputs(
        of request: OpenInferenceRequest, _ permit: Admission.Permit, _ options: GenerationOptions
    ) async throws -> [OutputTensor] {
        let images = try await inference.encode(request.pictures, permit).map(\.image)
        switch request.task {
        case .caption:
            let texts = try await inOrder(images) { image in
                try await inference.captions(of: image, prompt: "", options: options).first
            }
            return outputs("caption", texts, request.shape)
        case .answer(let questions):
            let texts = try await inOrder(Array(zip(questions, images))) { question, image in
                try await inference.answers(to: question, about: image, options: options).first
            }
            return outputs("answer", texts, request.shape)
        case .match(let texts):
            let matches = try await inOrder(Array(zip(texts, images))) { text, image in
                try await inference.match([text], with: image)
            }.flatMap(\.self)
            let probabilities = OutputTensor(
                "match_probability", request.shape, .numbers(matches.map(\.probability)))
            let similarities = matches.compactMap(\.similarity)
            guard similarities.count == matches.count else { return [probabilities] }
            return [
                probabilities, OutputTensor("similarity", request.shape, .numbers(similarities)),
            ]
        }
    }

    private func outputs(
        _ name: String, _ texts: [GeneratedText?], _ shape: [Int]
    ) -> [OutputTensor] {
        [
            OutputTensor(name, shape, .texts(texts.map { $0?.text ?? "" })),
            // Every text has at least one token, and so a score.
            OutputTensor("score", shape, .numbers(texts.map { $0?.score ?? 0 })),
        ]
    }
}
