import Foundation
import Hummingbird
import Synchronization

/// OpenAI's responses: what chat completions do, in a newer form.
struct ResponsesRoutes: Sendable {
    let inference: Inference
    let admission: Admission

    func add(to router: Router<ServiceRequestContext>) {
        router.post("/v1/responses") { request, _ in try await respond(request) }
    }

    private func respond(_ request: Request) async throws -> Response {
        let reader = try admission.reader()
        let asked = try await asked(by: request, reader)
        let chat = try await ChatSession(asked.task, reader.memory, admission, inference)
        let isLimited = asked.isLimited
        let stream: ResponseStream.Format? = asked.streams ? .events(end: nil) : nil
        return try await chat.permit.respond(stream, .openAI) { send in
            try await record(of: chat, isLimited: isLimited, send)
        }
    }

    /// What is asked for.
    private func asked(
        by request: Request, _ reader: BodyReader
    ) async throws -> (task: ChatTask, streams: Bool, isLimited: Bool) {
        let positions = inference.model.configuration.text.maximumPositions
        return try await reader.json(ResponsesRequest.self, of: request) { body, bytes in
            (
                try body.task(bytes, positions: positions), body.stream == true,
                body.maxOutputTokens != nil
            )
        }
    }

    /// The finished record, or `nil` where it was sent as the last event.
    private func record(
        of chat: ChatSession, isLimited: Bool, _ send: ResponseStream.Send?
    ) async throws -> ResponsesRecord? {
        let record = ResponsesRecord(model: inference.name)
        let item: ResponsesRecord.Item =
            if let name = chat.task.format.functionName {
                .call(.init(name: name))
            } else {
                .message(.init())
            }
        let events = send.map { ResponsesEvents(record, item, $0) }
        events?.begin()
        let answers =
            if let events {
                try await chat.answers { events.grow(by: $1) }
            } else {
                try await chat.answers()
            }
        guard let answer = answers.first else { throw BatchError() }
        let whole = item.finished(answer.text)
        let finished = record.finished(whole, answer, of: chat, isLimited: isLimited)
        guard let events else { return finished }
        events.end(whole, finished)
        return nil
    }
}

/// The events of one stream, numbered.
private final class ResponsesEvents: Sendable {
    private let item: ResponsesRecord.Item
    private let record: ResponsesRecord
    private let send: ResponseStream.Send
    private let count = Mutex(0)

    init(
        _ record: ResponsesRecord, _ item: ResponsesRecord.Item,
        _ send: @escaping ResponseStream.Send
    ) {
        self.record = record
        self.item = item
        self.send = send
    }

    func begin() {
        emit("created") { $0.response = record }
        emit("in_progress") { $0.response = record }
        emit("output_item.added") { $0.item = item }
        if case .message = item { emitPart("content_part.added") { $0.part = .init(text: "") } }
    }

    func grow(by delta: String) {
        switch item {
        case .message: emitPart("output_text.delta") { $0.delta = delta }
        case .call: emitArguments("delta") { $0.delta = delta }
        }
    }

    func end(_ item: ResponsesRecord.Item, _ finished: ResponsesRecord) {
        switch item {
        case .message(let message):
            for part in message.content {
                emitPart("output_text.done") { $0.text = part.text }
                emitPart("content_part.done") { $0.part = part }
            }
        case .call(let call): emitArguments("done") { $0.arguments = call.arguments }
        }
        emit("output_item.done") { $0.item = item }
        emit(finished.status.rawValue) { $0.response = finished }
    }

    private func emitPart(_ kind: String, _ fill: (inout ResponsesEvent) -> Void) {
        emit(kind) { event in
            event.itemID = item.id
            event.contentIndex = 0
            fill(&event)
        }
    }

    private func emitArguments(_ kind: String, _ fill: (inout ResponsesEvent) -> Void) {
        emit("function_call_arguments.\(kind)") { event in
            event.itemID = item.id
            fill(&event)
        }
    }

    private func emit(_ kind: String, _ fill: (inout ResponsesEvent) -> Void) {
        var event = ResponsesEvent(type: "response.\(kind)")
        fill(&event)
        if event.response == nil { event.outputIndex = 0 }
        // Numbered and sent in one order.
        count.withLock { count in
            event.sequenceNumber = count
            count += 1
            send(event)
        }
    }
}
