import BLIP
import Foundation
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
            try Response(json: OllamaShow(inference.model, modifiedAt: model.modifiedAt))
        }
    }

    /// Vectors of texts, and of pictures as data URLs.
    private func embed(_ request: Request) async throws -> Response {
        let reader = try admission.reader()
        let inputs = try await reader.json(EmbeddingsRequest.self, of: request) { body, _ in
            let items = body.input?.items ?? []
            // Without an input clients only have the model loaded.
            return items.isEmpty ? [] : try EmbeddingInput.list(items)
        }
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
        let (asked, streams) = try await reader.json(OllamaPullRequest.self, of: request) {
            body, _ in
            (body.model ?? body.name ?? "", body.stream ?? true)
        }
        guard [inference.name, "\(inference.name):latest"].contains(asked) else {
            throw ServiceError(
                .notFound, "model_not_found",
                "This server only has \(inference.name), and fetches no other; start one with "
                    + "blip serve --model NAME")
        }
        let success = ["status": "success"]
        guard streams else { return try Response(json: success) }
        return ResponseStream.response(.lines, failure: ErrorFormat.ollama.body(of:)) { send in
            send(["status": "pulling manifest"])
            send(success)
        }
    }

    private func reply(_ request: Request, isChat: Bool) async throws -> Response {
        let reader = try admission.reader()
        guard let asked = try await asked(by: request, reader) else {
            var loaded = OllamaReply(model: inference.name, "", isChat: isChat)
            loaded.done = true
            loaded.doneReason = "load"
            return try Response(json: loaded)
        }
        let chat = try await ChatSession(asked.task, reader.memory, admission, inference)
        return try await chat.permit.respond(asked.streams ? .lines : nil, .ollama) { send in
            try await last(of: chat, isChat: isChat, send)
        }
    }

    /// What is asked for; `nil` where the model is only to be loaded.
    private func asked(
        by request: Request, _ reader: BodyReader
    ) async throws -> (task: ChatTask, streams: Bool)? {
        let positions = inference.model.configuration.text.maximumPositions
        return try await reader.json(OllamaRequest.self, of: request) { body, bytes in
            if body.onlyLoads { return nil }
            // Ollama streams unless told not to.
            return (try body.task(bytes, positions: positions), body.stream ?? true)
        }
    }

    /// The last object of a stream, or the only one.
    private func last(
        of chat: ChatSession, isChat: Bool, _ send: ResponseStream.Send?
    ) async throws -> OllamaReply {
        let start = ContinuousClock.now
        let reply = { @Sendable (text: String) in
            OllamaReply(model: inference.name, text, isChat: isChat)
        }
        let function = isChat ? chat.task.format.functionName : nil
        let answers =
            if let send, function == nil {
                try await chat.answers { send(reply($1)) }
            } else {
                try await chat.answers()
            }
        guard let answer = answers.first else { throw BatchError() }
        var last = reply(send == nil ? answer.text : "")
        if let function, let arguments = answer.structure?.value {
            let call = OllamaReply(model: inference.name, calling: function, with: arguments)
            if let send { send(call) } else { last = call }
        }
        last.finish(answer, to: chat, time: ContinuousClock.now - start)
        return last
    }
}
