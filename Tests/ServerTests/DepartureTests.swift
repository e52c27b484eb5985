import BLIP
import Foundation
import Hummingbird
import NIOCore
import BlipPictures
import Synchronization
import Testing

@testable import BlipServer

/// Clients that leave before they are answered.
@Suite("Work ends with its client", .serialized, .timeLimit(.minutes(10)))
struct DepartureTests {
    /// More than could be done while a client waits: a batch each, and of 60 tokens at the least.
    private static let questions = (0..<64).map { "how many dogs are there, number \($0)?" }

    /// Texts that go on for long: tokens are drawn from nearly all alike.
    private static var requests: [(path: String, body: [String: Any])] {
        let part: [String: Any] = ["type": "image_url", "image_url": ["url": Sample.dogsAsURL]]
        let message: [String: Any] = ["role": "user", "content": [part]]
        let input: [String: Any] = [
            "name": "image", "datatype": "BYTES", "shape": [1], "data": [Sample.dogsAsBase64],
        ]
        let long: [String: Any] = ["temperature": 1000, "max_length": 60, "min_length": 60]
        let drawn: [String: Any] = ["temperature": 1000, "num_predict": 60, "seed": 1]
        return [
            (
                "/v1/answers",
                [
                    "image": Sample.dogsAsURL, "questions": questions, "beams": 8,
                    "min_length": 60, "max_length": 60,
                ]
            ),
            ("/v1/captions", long.merging(["image": Sample.dogsAsURL]) { $1 }),
            (
                "/v1/chat/completions",
                ["messages": [message], "n": 16, "temperature": 1000, "max_tokens": 60]
            ),
            ("/api/generate", ["images": [Sample.dogsAsBase64], "options": drawn]),
            ("/v2/models/demo/infer", ["inputs": [input], "parameters": long]),
        ]
    }

    @Test(arguments: 0..<5, [false, true])
    func itsPlaceIsFree(_ index: Int, _ isStreamed: Bool) async throws {
        let (path, fields) = Self.requests[index]
        var body = fields
        if !path.hasPrefix("/v2/") { body["stream"] = isStreamed }
        let json = try JSONSerialization.data(withJSONObject: body)
        // The model is busy, so that nothing is answered before its client has left.
        let model = try await RunningServer.model.value
        let image = try await model.encode(Picture(bytes: Sample.dogs))
        let (steps, source) = AsyncStream<Void>.makeStream()
        let busy = Task {
            let images = [EncodedImage](repeating: image, count: 64)
            let options = GenerationOptions(maximumLength: 60, minimumLength: 60)
            while !Task.isCancelled {
                _ = try await model.captions(of: images, options: options) { _ in source.yield() }
            }
        }
        defer { busy.cancel() }
        for await _ in steps { break }
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(
                    "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        + "Content-Length: \(json.count)\r\n\r\n")
                try await connection.channel.writeAndFlush(ByteBuffer(bytes: json))
                while server.service.admission.count == 0 { await Task.yield() }
                #expect(server.service.admission.bytesHeld >= json.count)
            }
            // The connection is closed now.
            while server.service.admission.count > 0 {
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(server.service.admission.bytesHeld == 0)
            let route = path.replacing("demo", with: "{name}")
            let told = #"blip_requests_total{route="\#(route)",status="499"} 1"#
            var lines: [Substring] = []
            while !lines.contains(Substring(told)) {
                lines = try await server.get("/metrics").body.split(separator: "\n")
            }
            let batches = lines.first { $0.hasPrefix(#"blip_batch_size_count{stage="answer"}"#) }
                .flatMap { $0.split(separator: " ").last }.flatMap { Int($0) }
            #expect((batches ?? 0) < Self.questions.count)
        }
    }

    /// What a response writes, and whether it came to its end.
    private final class Record: Sendable {
        private let state = Mutex((text: "", isWhole: false))

        var text: String { state.withLock { $0.text } }
        var isWhole: Bool { state.withLock { $0.isWhole } }

        func add(_ piece: String) { state.withLock { $0.text += piece } }
        func end() { state.withLock { $0.isWhole = true } }
    }

    private struct Writer: ResponseBodyWriter {
        let record: Record

        func write(_ buffer: ByteBuffer) { record.add(String(buffer: buffer)) }
        consuming func finish(_ trailers: HTTPFields?) { record.end() }
    }

    private func record(
        _ work: @escaping @Sendable (@escaping ResponseStream.Send) async throws -> Void
    ) async -> Record {
        let record = Record()
        let response = ResponseStream.response(
            .events(end: "[DONE]"), failure: { ErrorFormat.native.body(of: $0) }, work: work)
        try? await response.body.write(Writer(record: record))
        return record
    }

    @Test func aStreamThatFailsIsLeftWithoutAnEnd() async {
        let whole = await record { $0(["delta": "a"]) }
        #expect(whole.isWhole)
        #expect(whole.text.hasSuffix("data: [DONE]\n\n"))
        let failed = await record { send in
            send(["delta": "a"])
            throw ServiceError.invalid("wrong")
        }
        #expect(!failed.isWhole)
        #expect(failed.text.contains("wrong"))
        #expect(!failed.text.contains("DONE"))
        let cancelled = Task {
            await record { send in
                send(["delta": "a"])
                while !Task.isCancelled { await Task.yield() }
            }
        }
        cancelled.cancel()
        let broken = await cancelled.value
        #expect(!broken.isWhole)
    }

    @Test func aPictureThatCannotBeReadHasItsStatusThoughAStreamIsWanted() async throws {
        let damaged = Sample.dogs.prefix(Sample.dogs.count / 2).base64EncodedString()
        let url =
            ["type": "image_url", "image_url": ["url": "data:;base64,\(damaged)"]] as [String: Any]
        let message: [String: Any] = ["role": "user", "content": [url]]
        try await RunningServer.with { server in
            for (path, body) in [
                ("/v1/captions", ["image": damaged, "stream": true]),
                ("/v1/chat/completions", ["messages": [message], "stream": true]),
                ("/api/generate", ["images": [damaged]]),
            ] as [(String, [String: Any])] {
                let reply = try await server.post(path, json: body)
                #expect(reply.status == 422)
            }
            #expect(server.service.admission.count == 0)
        }
    }

    @Test func whoeverStillWaitsForAPictureGetsIt() async throws {
        let image = try await RunningServer.model.value.encode(Picture(bytes: Sample.dogs))
        let (gate, opened) = AsyncStream<Void>.makeStream()
        let isCancelled = Mutex(false)
        let cache = PictureCache(capacity: 1, metrics: Metrics()) { _, _, _ in
            for await _ in gate { return image }
            isCancelled.withLock { $0 = true }
            throw CancellationError()
        }
        let first = Task { try await cache.image(of: [1], name: "a") }
        let second = Task { try await cache.image(of: [1], name: "a") }
        while await cache.waitingCount < 2 { await Task.yield() }
        first.cancel()
        // At once, though it is still being encoded.
        await #expect(throws: CancellationError.self) { _ = try await first.value }
        opened.yield()
        #expect(try await second.value.0 === image)
        #expect(try await cache.image(of: [1], name: "a").wasCached)
        // Nobody waits for another any more: it is given up.
        let third = Task { try await cache.image(of: [2], name: "b") }
        while await cache.waitingCount < 1 { await Task.yield() }
        third.cancel()
        await #expect(throws: CancellationError.self) { _ = try await third.value }
        while !isCancelled.withLock(\.self) { await Task.yield() }
        #expect(await cache.waitingCount == 0)
    }
}
