import Hummingbird

/// OpenAI's embeddings, of texts and of pictures.
struct EmbeddingsRoutes: Sendable {
    let inference: Inference
    let admission: Admission

    func add(to router: Router<ServiceRequestContext>) {
        router.post("/v1/embeddings") { request, _ in
            let reader = try admission.reader()
            let (inputs, dimensions, format) = try await reader.json(
                EmbeddingsRequest.self, of: request
            ) { body, _ in
                (
                    try EmbeddingInput.list(body.input?.items ?? []), body.dimensions,
                    body.encodingFormat
                )
            }
            try inference.check(inputs)
            let width = inference.model.configuration.imageTextHiddenSize
            guard (dimensions ?? width) == width else {
                throw ServiceError.invalid(
                    "This model's embeddings have \(width) dimensions; leave out dimensions")
            }
            let permit = try admission.acquire(reader.memory)
            return try await permit.respond(nil, .openAI) { _ in
                let vectors = try await inference.vectors(of: inputs, permit)
                let tokens = inference.tokenCount(of: inputs)
                return EmbeddingsRecord(
                    data: vectors.enumerated().map { index, vector in
                        .init(index: index, embedding: .init(vector, format))
                    }, model: inference.name,
                    usage: .init(promptTokens: tokens, totalTokens: tokens))
            }
        }
    }
}
