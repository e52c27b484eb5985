import AsyncHTTPClient
import Foundation
import NIOCore
import Testing

@testable import BlipServer

/// What must be refused before the model is asked: the caches' counters show that it was not.
@Suite("Refusals", .serialized)
struct RefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let path: String
        let body: String
        let status: Int
        let code: String
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case("a URL", #"{"image":"http://127.0.0.1/a.png"}"#, 400, "url_refused"),
        Case("a file URL", #"{"image":"file:///etc/passwd"}"#, 400, "url_refused"),
        Case("an empty prompt", with(#""prompt":"""#), 400, "invalid_request"),
        Case("a blank prompt", with(#""prompt":" \t\u200b""#), 400, "invalid_request"),
        Case("an empty question", with(#""question":"""#), 400, "invalid_request", "/v1/answers"),
        Case(
            "an empty one of two", with(#""questions":["a"," "]"#), 400, "invalid_request",
            "/v1/answers"),
        Case("an empty text", with(#""text":"""#), 400, "invalid_request", "/v1/matches"),
        Case("no base64", #"{"image":"%%%"}"#, 400, "invalid_request"),
        Case(
            "a data URL without base64", #"{"image":"data:image/png,abc"}"#, 400, "invalid_request"),
        Case("no picture", "{}", 400, "invalid_request"),
        Case("no JSON", "{", 400, "invalid_request"),
        Case("a list", "[]", 400, "invalid_request"),
        Case("another type", #"{"image":7}"#, 400, "invalid_request"),
        Case("deep", String(repeating: "[", count: 100_000), 400, "invalid_request"),
        Case("17 pictures", with(#""images":[\#(seventeen)]"#), 400, "too_many_pictures"),
        Case("many beams", with(#""beams":1000"#), 400, "invalid_request"),
        Case("no beams", with(#""beams":0"#), 400, "invalid_request"),
        Case("a huge number", with(#""beams":1e400"#), 400, "invalid_request"),
        Case("a long text", with(#""max_length":100000"#), 400, "invalid_request"),
        Case(
            "a long prompt", with(#""prompt":"\#(String(repeating: "dog ", count: 600))""#), 400,
            "text_too_long"),
        Case(
            "a huge prompt", with(#""prompt":"\#(String(repeating: "d", count: 9000))""#), 400,
            "text_too_long"),
        Case("no question", with(#""stream":true"#), 400, "invalid_request", "/v1/answers"),
        Case(
            "an empty answer", with(#""question":"a","answers":[""]"#), 400, "invalid_request",
            "/v1/answers"),
        Case(
            "64 questions with 64 answers each", with(#""questions":\#(many),"answers":\#(many)"#),
            400,
            "invalid_request", "/v1/answers"),
        Case("no text", with(#""stream":false"#), 400, "invalid_request", "/v1/matches"),
        Case(
            "65 texts",
            with(
                #""texts":["# + [String](repeating: #""a""#, count: 65).joined(separator: ",") + "]"
            ),
            400, "invalid_request", "/v1/matches"),
    ]

    private static let many =
        "[" + [String](repeating: #""dog""#, count: 64).joined(separator: ",") + "]"
    private static let seventeen = [String](repeating: #""AAAA""#, count: 17).joined(separator: ",")

    private static func with(_ field: String) -> String {
        field.hasPrefix(#""images""#) ? "{\(field)}" : #"{"image":"AAAA",\#(field)}"#
    }

    @Test func beforeAnyWork() async throws {
        try await RunningServer.with { server in
            for refused in Self.cases {
                let reply = try await server.post(
                    refused.path, .bytes(ByteBuffer(string: refused.body)))
                #expect(reply.status == refused.status, "\(refused.name): \(reply.body)")
                let error = try reply.json()["error"] as? [String: Any]
                #expect(error?["code"] as? String == refused.code, "\(refused.name): \(reply.body)")
                #expect((error?["message"] as? String)?.isEmpty == false)
            }
            let metrics = try await server.get("/metrics").body
            #expect(!metrics.contains("blip_picture_cache_misses_total"))
            #expect(metrics.contains("blip_queue_depth 0"))
        }
    }

    @Test func picturesThatAreNone() async throws {
        try await RunningServer.with { server in
            let send = { (bytes: Data) in
                try await server.post("/v1/captions", .bytes(bytes), type: "image/png")
            }
            #expect(try await send(Data("a text".utf8)).status == 415)
            #expect(try await send(Data("%PDF-1.4".utf8)).status == 415)
            #expect(try await send(Sample.dogs.prefix(Sample.dogs.count / 2)).status == 422)
            let large = try await send(enlarged(Sample.dogs))
            #expect(large.status == 413)
            #expect(large.body.contains("picture_too_large"))
            #expect(try await send(Data()).status == 422)
            // Nothing that failed is remembered, and the server goes on.
            #expect(try await send(Sample.dogs).status == 200)
            #expect(!(try await server.get("/metrics").body).contains(#"status="500""#))
        }
    }

    @Test func bodiesOverTheLimit() async throws {
        try await RunningServer.with { server in
            let zeros = ByteBuffer(repeating: 0, count: Limits.bodyBytes + 1)
            let declared = try await server.post(
                "/v1/captions", .bytes(zeros), type: "image/png")
            #expect(declared.status == 413)
            // In pieces, without a length.
            let pieces = (0...Limits.bodyBytes >> 20).map { _ in
                ByteBuffer(repeating: 0, count: 1 << 20)
            }
            let chunked = try await server.post(
                "/v1/captions", .stream(pieces.async, length: .unknown), type: "image/png")
            #expect(chunked.status == 413)
        }
    }

    @Test func pathsAndMethods() async throws {
        try await RunningServer.with { server in
            let nothing = try await server.get("/nothing")
            #expect(nothing.status == 404)
            #expect(nothing.body.contains("not_found"))
            for (path, allowed) in [("/v1/captions", "POST"), ("/v2/models/demo/infer", "POST")] {
                let reply = try await server.get(path)
                #expect(reply.status == 405)
                #expect(reply.headers.first(name: "allow") == allowed)
                #expect(reply.body.contains("use POST"))
            }
            let own = try await server.post("/v1/info", json: [:])
            #expect(own.headers.first(name: "allow") == "GET, HEAD")
            #expect((try own.json()["error"] as? [String: Any])?["code"] != nil)
            #expect(try await server.get("/api/chat").json()["error"] is String)
        }
    }

    /// A PNG whose header says that it is 20,000 pixels wide and high, with the right checksum.
    private func enlarged(_ png: Data) -> Data {
        var bytes = [UInt8](png)
        let side: [UInt8] = [0, 0, 0x4E, 0x20]
        bytes.replaceSubrange(16..<20, with: side)
        bytes.replaceSubrange(20..<24, with: side)
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in bytes[12..<29] {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        crc ^= 0xFFFF_FFFF
        bytes.replaceSubrange(29..<33, with: (0..<4).map { UInt8(crc >> (24 - 8 * $0) & 255) })
        return Data(bytes)
    }
}

extension RefusalTests.Case {
    fileprivate init(
        _ name: String, _ body: String, _ status: Int, _ code: String,
        _ path: String = "/v1/captions"
    ) {
        self.init(name: name, path: path, body: body, status: status, code: code)
    }
}

extension Array where Element: Sendable {
    fileprivate var async: AsyncStream<Element> {
        AsyncStream { source in
            for element in self { source.yield(element) }
            source.finish()
        }
    }
}
