import Hummingbird

/// OpenAI's embeddings, of texts and of pictures.
struct EmbeddingsRoutes: Sendable {
    let inference: Inference
    let admission: Admission

    func add(to router: Router<ServiceRequestContext>) {
        router.post("/v1/embeddings") { request, _ in
            let reader = try admission.reader()
            let body = try await reader.json(EmbeddingsRequest.self, of: request)
            let inputs = try EmbeddingInput.list(body.input?.items ?? [])
            try inference.check(inputs)
            let width = inference.model.configuration.imageTextHiddenSize
            guard (body.dimensions ?? width) == width else {
                throw ServiceError.invalid(
                    "This model's embeddings have \(width) dimensions; leave out dimensions")
            }
            let permit = try admission.acquire(reader.memory)
            return try await permit.respond(nil, .openAI) { _ in
                let vectors = try await inference.vectors(of: inputs, permit)
                let tokens = inference.tokenCount(of: inputs)
                return EmbeddingsRecord(
                    data: vectors.enumerated().map { index, vector in
                        .init(index: index, embedding: .init(vector, body.encodingFormat))
                    }, model: inference.name,
                    usage: .init(promptTokens: tokens, totalTokens: tokens))
            }
        }
    }
}
