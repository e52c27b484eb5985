import BLIP
import Foundation
import Hummingbird
import Synchronization

/// OpenAI's chat completions, as far as they make sense for a model that looks at one picture.
struct OpenAIRoutes: Sendable {
    let inference: Inference
    let admission: Admission
    private let start = Int(Date().timeIntervalSince1970)

    init(inference: Inference, admission: Admission) {
        self.inference = inference
        self.admission = admission
    }

    func add(to router: Router<BasicRequestContext>) {
        router.post("/v1/chat/completions") { request, _ in try await complete(request) }
        router.get("/v1/models") { _, _ in try jsonResponse(ModelList(data: [model])) }
        // Names may have slashes.
        router.get("/v1/models/**") { request, _ in
            let name = request.uri.path.dropFirst("/v1/models/".count)
            guard name.removingPercentEncoding == inference.name else {
                throw ServiceError(
                    .notFound, "model_not_found", "This server only has \(inference.name)")
            }
            return try jsonResponse(model)
        }
    }

    private var model: ModelRecord { ModelRecord(id: inference.name, created: start) }

    private func complete(_ request: Request) async throws -> Response {
        let reader = try admission.reader()
        let body = try await reader.json(CompletionRequest.self, of: request)
        let task = try body.task(
            positions: inference.model.configuration.text.maximumPositions)
        try inference.validate(task)
        let place = try admission.takePlace(reader.memory)
        // Before a stream begins, so that a picture that cannot be read has its status.
        let image = try await inference.image(of: task, place)
        if body.stream == true {
            let usage = body.streamOptions?.includeUsage == true
            let logprobs = body.logprobs == true
            return ResponseStream.response(
                .events, last: "[DONE]", failure: { WireProtocol.openAI.body(of: $0) }
            ) { send in
                defer { place.leave() }
                try await stream(task, image, usage: usage, logprobs: logprobs, send)
            }
        }
        defer { place.leave() }
        let texts = try await inference.run(task, on: image)
        var completion = Completion(model: inference.name, isPiece: false)
        completion.usage = .init(prompt: inference.promptTokens(of: task), completions: texts)
        completion.choices = texts.enumerated().map { index, text in
            .init(
                index: index, message: .init(role: "assistant", content: text.text),
                logprobs: body.logprobs == true ? .init(of: text, by: inference.model) : nil,
                finishReason: task.isCut(text) ? "length" : "stop")
        }
        return try jsonResponse(completion)
    }

    private func stream(
        _ task: ChatTask, _ image: EncodedImage, usage: Bool, logprobs: Bool,
        _ send: @escaping ResponseStream.Send
    ) async throws {
        let piece = Completion(model: inference.name, isPiece: true)
        let count = task.options.sequenceCount
        for index in 0..<count {
            send(
                piece.with([.init(index: index, delta: .init(role: "assistant", content: ""))]))
        }
        let deltas = TextDeltas(count: count)
        let sendDelta = { @Sendable (index: Int, delta: String) in
            if !delta.isEmpty {
                send(piece.with([.init(index: index, delta: .init(content: delta))]))
            }
        }
        let texts = try await inference.run(task, on: image) { partial in
            sendDelta(partial.index, deltas.grow(partial.index, to: partial.text))
        }
        for (index, text) in texts.enumerated() {
            sendDelta(index, deltas.finish(index, with: text.text))
            send(
                piece.with([
                    .init(
                        index: index, delta: .init(),
                        logprobs: logprobs ? .init(of: text, by: inference.model) : nil,
                        finishReason: task.isCut(text) ? "length" : "stop")
                ]))
        }
        guard usage else { return }
        var last = piece
        last.usage = .init(prompt: inference.promptTokens(of: task), completions: texts)
        send(last)
    }
}
