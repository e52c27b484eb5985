import Foundation
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
        let asked = try await asked(by: request, reader)
        let (task, logprobs, usage) = (asked.task, asked.logprobs, asked.usage)
        let chat = try await ChatSession(task, reader.memory, admission, inference)
        let stream: ResponseStream.Format? = asked.streams ? .events(end: "[DONE]") : nil
        return try await chat.permit.respond(stream, .openAI) { send in
            if let send {
                return try await chunks(of: chat, usage: usage, logprobs: logprobs, send)
            }
            let answers = try await chat.answers()
            var completion = ChatCompletion(model: inference.name, isPiece: false)
            completion.usage = .init(prompt: chat.promptTokens, completions: answers)
            completion.understood = UnderstoodRecord(chat.understanding, answers.first)
            completion.choices = answers.enumerated().map { index, answer in
                choice(
                    index, answer, message: message(answer, task, role: "assistant"), of: task,
                    logprobs: logprobs)
            }
            return completion
        }
    }

    private struct Asked: Sendable {
        let task: ChatTask
        let streams: Bool
        let logprobs: Bool
        let usage: Bool
    }

    private func asked(by request: Request, _ reader: BodyReader) async throws -> Asked {
        let positions = inference.model.configuration.text.maximumPositions
        return try await reader.json(ChatCompletionsRequest.self, of: request) { body, bytes in
            Asked(
                task: try body.task(bytes, positions: positions), streams: body.stream == true,
                logprobs: body.logprobs == true, usage: body.streamOptions?.includeUsage == true)
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
        let task = chat.task
        let answers: [ChatAnswer]
        if task.format.functionName == nil {
            answers = try await chat.answers { index, delta in
                send(piece.with([.init(index: index, delta: .init(content: delta))]))
            }
        } else {
            answers = try await chat.answers()
            for answer in answers {
                send(piece.with([.init(index: 0, delta: message(answer, task))]))
            }
        }
        var last = piece
        last.understood = UnderstoodRecord(chat.understanding, answers.first)
        for (index, answer) in answers.enumerated() {
            send(
                last.with([choice(index, answer, delta: .init(), of: task, logprobs: logprobs)]))
        }
        guard usage else { return nil }
        last.usage = .init(prompt: chat.promptTokens, completions: answers)
        return last
    }

    /// The answer's text, or the call of the function that was asked for.
    private func message(
        _ answer: ChatAnswer, _ task: ChatTask, role: String? = nil
    ) -> ChatCompletion.Message {
        guard let name = task.format.functionName else {
            return .init(role: role, content: answer.text)
        }
        let function = ChatCompletion.ToolCall.Function(name: name, arguments: answer.text)
        return .init(role: role, toolCalls: [.init(function: function)])
    }

    /// The finished choice.
    private func choice(
        _ index: Int, _ answer: ChatAnswer, message: ChatCompletion.Message? = nil,
        delta: ChatCompletion.Message? = nil, of task: ChatTask, logprobs: Bool
    ) -> ChatCompletion.Choice {
        .init(
            index: index, message: message, delta: delta,
            logprobs: logprobs
                ? answer.generated.map { .init(of: $0, by: inference.model) } : nil,
            finishReason: task.format.functionName != nil
                ? "tool_calls" : answer.isCut ? "length" : "stop")
    }
}
