import BLIP
import Hummingbird

/// Ollama's generate and chat, which photo managers and home servers speak.
struct OllamaRoutes: Sendable {
    let inference: Inference
    let admission: Admission
    let version: String

    func add(to router: Router<ServiceRequestContext>) {
        router.post("/api/generate") { request, _ in try await reply(request, isChat: false) }
        router.post("/api/chat") { request, _ in try await reply(request, isChat: true) }
        router.get("/api/version") { _, _ in try Response(json: ["version": version]) }
        let model = OllamaModel(inference.model, name: inference.name)
        router.post("/api/embed") { request, _ in try await embed(request) }
        router.post("/api/pull") { request, _ in try await pull(request) }
        router.get("/api/ps") { _, _ in
            try Response(json: OllamaModels(models: [OllamaRunningModel(model)]))
        }
        router.get("/api/tags") { _, _ in try Response(json: OllamaModels(models: [model])) }
        router.post("/api/show") { _, _ in
            try Response(json: OllamaShow(modifiedAt: model.modifiedAt))
        }
    }

    /// Vectors of texts, and of pictures as data URLs.
    private func embed(_ request: Request) async throws -> Response {
        let reader = try admission.reader()
        let items = try await reader.json(EmbeddingsRequest.self, of: request).input?.items ?? []
        // Without an input clients only have the model loaded.
        let inputs = items.isEmpty ? [] : try EmbeddingInput.list(items)
        try inference.check(inputs)
        let permit = try admission.acquire(reader.memory)
        return try await permit.respond(nil, .ollama) { _ in
            let start = ContinuousClock.now
            let vectors = try await inference.vectors(of: inputs, permit)
            return OllamaEmbeddings(
                model: inference.name, embeddings: vectors,
                totalDuration: (ContinuousClock.now - start).nanoseconds,
                promptEvalCount: inference.tokenCount(of: inputs))
        }
    }

    /// Says of the model that is there that it is; fetches none.
    private func pull(_ request: Request) async throws -> Response {
        let reader = try admission.reader()
        let body = try await reader.json(OllamaPullRequest.self, of: request)
        let asked = body.model ?? body.name ?? ""
        guard [inference.name, "\(inference.name):latest"].contains(asked) else {
            throw ServiceError(
                .notFound, "model_not_found",
                "This server only has \(inference.name), and fetches no other; start one with "
                    + "blip serve --model NAME")
        }
        let success = ["status": "success"]
        guard body.stream ?? true else { return try Response(json: success) }
        return ResponseStream.response(.lines, failure: ErrorFormat.ollama.body(of:)) { send in
            send(["status": "pulling manifest"])
            send(success)
        }
    }

    private func reply(_ request: Request, isChat: Bool) async throws -> Response {
        let reader = try admission.reader()
        let body = try await reader.json(OllamaRequest.self, of: request)
        let reply = { @Sendable (text: String) in
            OllamaReply(model: inference.name, text, isChat: isChat)
        }
        if body.onlyLoads {
            var loaded = reply("")
            loaded.done = true
            loaded.doneReason = "load"
            return try Response(json: loaded)
        }
        let task = try body.task(positions: inference.model.configuration.text.maximumPositions)
        let chat = try await ChatSession(task, reader.memory, admission, inference)
        // Ollama streams unless told not to.
        return try await chat.permit.respond(body.stream ?? true ? .lines : nil, .ollama) { send in
            let start = ContinuousClock.now
            let answers =
                if let send {
                    try await chat.answers { send(reply($1)) }
                } else {
                    try await chat.answers()
                }
            guard let answer = answers.first else { throw BatchError() }
            var last = reply(send == nil ? answer.text : "")
            last.finish(
                answer, promptTokens: chat.promptTokens, time: ContinuousClock.now - start)
            return last
        }
    }
}
