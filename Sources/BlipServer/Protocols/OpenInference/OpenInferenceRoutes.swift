import BLIP
import Hummingbird

/// The Open Inference Protocol, version 2, over HTTP, with its binary tensor extension: what KServe,
/// Triton and OpenVINO Model Server speak.
struct OpenInferenceRoutes: Sendable {
    let inference: Inference
    let admission: Admission
    let readiness: Readiness
    let version: String

    /// The protocol's names stand in paths: of `Salesforce/blip-vqa-base` it takes the last part.
    private var name: String {
        inference.name.split(separator: "/").last.map(String.init) ?? "blip"
    }

    func add(to router: Router<BasicRequestContext>) {
        router.get("/v2") { _, _ in try jsonResponse(ServerMetadata(version: version)) }
        router.get("/v2/health/live") { _, _ in try jsonResponse(HealthRecord(live: true)) }
        router.get("/v2/health/ready") { _, _ in
            try readiness.check()
            return try jsonResponse(HealthRecord(ready: true))
        }
        for path in ["/v2/models/{name}", "/v2/models/{name}/versions/{version}"] {
            router.get("\(path)") { _, context in
                try check(context)
                return try jsonResponse(
                    ModelMetadata(name: name, tasks: inference.model.tasks))
            }
            router.get("\(path)/ready") { _, context in
                try check(context)
                try readiness.check()
                return try jsonResponse(HealthRecord(name: name, ready: true))
            }
            router.post("\(path)/infer") { request, context in
                try check(context)
                return try await infer(request)
            }
        }
    }

    private func check(_ context: BasicRequestContext) throws(ServiceError) {
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
        let reader = try admission.reader()
        let request = try await InferRequest(request, reader)
        let options = try request.generation.options()
        try validate(request, options)
        let place = try admission.takePlace(reader.memory)
        defer { place.leave() }
        let outputs = try await outputs(of: request, place, options)
        return try InferResponse(
            modelName: name, modelVersion: ModelMetadata.version, id: request.id,
            outputs: request.wanted(of: outputs)
        ).response()
    }

    /// Refuses what cannot be done, before any work.
    private func validate(_ request: InferRequest, _ options: GenerationOptions) throws {
        try inference.check(request.pictures)
        switch request.task {
        case .caption: try inference.model.validate(captionsWith: options)
        case .answer(let questions):
            try inference.model.validate(answersTo: questions, options: options)
        case .match(let texts): try inference.model.validate(matching: texts)
        }
    }

    private func outputs(
        of request: InferRequest, _ place: Admission.Place, _ options: GenerationOptions
    ) async throws -> [OutputTensor] {
        let images = try await inference.encode(request.pictures, place.memory).map(\.image)
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
