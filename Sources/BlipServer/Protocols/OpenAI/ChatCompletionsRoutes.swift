import Hummingbird

/// OpenAI's chat completions.
struct ChatCompletionsRoutes: Sendable {
    let inference: Inference
    let admission: Admission

    func add(to router: Router<ServiceRequestContext>) {
        router.post("/v1/chat/completions") { request, _ in try await complete(request) }
    }

    private func complete(_ request: Request) async throws -> Response {
        let reader = try admission.reader()
        let body = try await reader.json(ChatCompletionsRequest.self, of: request)
        let task = try body.task(positions: inference.model.configuration.text.maximumPositions)
        let chat = try await ChatSession(task, reader.memory, admission, inference)
        let stream: ResponseStream.Format? = body.stream == true ? .events(end: "[DONE]") : nil
        let logprobs = body.logprobs == true
        let usage = body.streamOptions?.includeUsage == true
        return try await chat.permit.respond(stream, .openAI) { send in
            if let send {
                return try await chunks(of: chat, usage: usage, logprobs: logprobs, send)
            }
            let answers = try await chat.answers()
            var completion = ChatCompletion(model: inference.name, isPiece: false)
            completion.usage = .init(prompt: chat.promptTokens, completions: answers)
            completion.choices = answers.enumerated().map { index, answer in
                choice(
                    index, answer, message: .init(role: "assistant", content: answer.text),
                    logprobs: logprobs)
            }
            return completion
        }
    }

    /// Sends the chunks of a stream, and returns its last one, if it has one that tells the usage.
    private func chunks(
        of chat: ChatSession, usage: Bool, logprobs: Bool, _ send: @escaping ResponseStream.Send
    ) async throws -> ChatCompletion? {
        let piece = ChatCompletion(model: inference.name, isPiece: true)
        for index in 0..<chat.task.options.sequenceCount {
            send(piece.with([.init(index: index, delta: .init(role: "assistant", content: ""))]))
        }
        let answers = try await chat.answers { index, delta in
            send(piece.with([.init(index: index, delta: .init(content: delta))]))
        }
        for (index, answer) in answers.enumerated() {
            send(piece.with([choice(index, answer, delta: .init(), logprobs: logprobs)]))
        }
        guard usage else { return nil }
        var last = piece
        last.usage = .init(prompt: chat.promptTokens, completions: answers)
        return last
    }

    /// The finished choice.
    private func choice(
        _ index: Int, _ answer: ChatAnswer, message: ChatCompletion.Message? = nil,
        delta: ChatCompletion.Message? = nil, logprobs: Bool
    ) -> ChatCompletion.Choice {
        .init(
            index: index, message: message, delta: delta,
            logprobs: logprobs
                ? answer.generated.map { .init(of: $0, by: inference.model) } : nil,
            finishReason: answer.isCut ? "length" : "stop")
    }
}
