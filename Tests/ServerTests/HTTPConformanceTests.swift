import Foundation
import NIOCore
import Testing

@testable import BlipServer

/// HTTP as it is written, and what of a request is looked at before anything else.
@Suite("Messages", .serialized)
struct MessageTests {
    /// All that is answered to `text` on a connection of its own, which the server closes.
    private func answer(_ server: RunningServer, _ text: String) async throws -> String {
        var answer = ""
        try await RawConnection.with(port: server.port) { connection in
            try await connection.send(text)
            answer = try await connection.rest()
        }
        return answer
    }

    @Test(arguments: ["/v1/captions", "/nothing", "/health/live", "/openapi.json"])
    func aHeadHasNoBody(_ path: String) async throws {
        try await RunningServer.with { server in
            let answer = try await answer(
                server, "HEAD \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 "))
            #expect(answer.hasSuffix("\r\n\r\n"))
            #expect(answer.components(separatedBy: "\r\n\r\n").count == 2, "\(answer)")
        }
    }

    @Test(arguments: ["", "Connection: keep-alive\r\n"])
    func oldClientsAreAnsweredAsTheyAsk(_ field: String) async throws {
        try await RunningServer.with { server in
            let live = try await answer(server, "GET /health/live HTTP/1.0\r\n\(field)\r\n")
            #expect(live.hasPrefix("HTTP/1.0 200 "))
            #expect(live.contains("live"))
            let body = #"{"image":"\#(Sample.dogsAsBase64)","stream":true}"#
            let stream = try await answer(
                server,
                "POST /v1/captions HTTP/1.0\r\n\(field)Content-Length: \(body.utf8.count)\r\n"
                    + "Expect: 100-continue\r\n\r\n\(body)")
            #expect(stream.hasPrefix("HTTP/1.0 200 "))
            #expect(!stream.lowercased().contains("chunked"))
            #expect(stream.hasSuffix("data: [DONE]\n\n"))
        }
    }

    @Test(arguments: ["close", "Close", "TE, close"])
    func aConnectionEndsWhereTheClientSaysSo(_ value: String) async throws {
        try await RunningServer.with { server in
            let answer = try await answer(
                server, "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: \(value)\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            #expect(answer.lowercased().contains("connection: close\r\n"))
        }
    }

    @Test(arguments: [
        ("", 400), ("Host: a\r\nHost: a\r\n", 400), ("Host: a\r\nHost: b\r\n", 400),
        ("Host: evil.example\r\n", 403), ("Host: localhost.evil.example:80\r\n", 403),
        ("Host: 127.0.0.1.evil.example\r\n", 403), ("Host: localhost\r\n", 200),
        ("Host: localhost.:8080\r\n", 200),
        ("Host: LOCALHOST:8080\r\n", 200), ("Host: 127.0.0.1:1\r\n", 200),
        ("Host: [::1]:8080\r\n", 200), ("Host: blip\r\n", 200), ("Host: a.localhost\r\n", 200),
        ("Host: Photos.example.org\r\n", 200), ("Host:\r\n", 200),
    ])
    func oneHostThatIsThisMachines(_ fields: String, _ status: Int) async throws {
        var configuration = ServiceConfiguration()
        configuration.names = ["photos.Example.org"]
        try await RunningServer.with(configuration) { server in
            let answer = try await answer(
                server, "GET /v1/info HTTP/1.1\r\n\(fields)Connection: close\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
        }
    }

    @Test func withKeysAnyNameWillDo() async throws {
        try await RunningServer.with(.init(apiKeys: APIKeys(["key"]))) { server in
            let answer = try await answer(
                server,
                "GET /v1/info HTTP/1.1\r\nHost: a.example\r\nX-API-Key: key\r\nConnection: close\r\n\r\n"
            )
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test func anEncodedBodyIsRefusedByItsName() async throws {
        try await RunningServer.with { server in
            for encoding in ["zstd", "br", "gzip, identity"] {
                let reply = try await server.post(
                    "/v1/captions", .bytes(Sample.dogs), type: "image/png",
                    headers: [("content-encoding", encoding)])
                #expect(reply.status == 415)
                #expect(reply.body.contains("Content-Encoding \(encoding)"))
            }
            let plain = try await server.post(
                "/v1/captions", .bytes(Sample.dogs), type: "image/png",
                headers: [("content-encoding", "identity")])
            #expect(plain.status == 200)
        }
    }

    @Test(arguments: [
        ("/v1/captions", #""temperature":1e999"#, "temperature"),
        ("/v1/captions", #""max_length":99999999999999999999"#, "max_length"),
        ("/v1/captions", #""seed":1.5"#, "seed"), ("/v1/captions", #""seed":-1"#, "seed"),
        ("/v1/captions", #""beams":"two""#, "beams"),
        ("/v1/chat/completions", #""messages":[],"seed":9223372036854775808"#, "seed"),
        ("/api/generate", #""options":{"top_k":1e30}"#, "options.top_k"),
        (
            "/v2/models/demo/infer",
            #""inputs":[{"name":"image","datatype":"BYTES","shape":[1e30]}]"#, "inputs[0].shape"
        ),
    ])
    func aNumberThatDoesNotFitIsNamed(_ path: String, _ field: String, _ name: String) async throws
    {
        try await RunningServer.with { server in
            let reply = try await server.post(path, .bytes(ByteBuffer(string: "{\(field)}")))
            #expect(reply.status == 400)
            #expect(reply.body.contains(name), "\(reply.body)")
        }
    }

    @Test(arguments: [
        ("[]", "The body must be an object; send it so"),
        (#"{"image":7}"#, "image must be a text; send it so"),
        (#"{"images":"a"}"#, "images must be a list; send it so"),
        (#"{"image":"a","beams":"two"}"#, "beams must be a number; send it so"),
        (#"{"image":"a","stream":1}"#, "stream must be true or false; send it so"),
    ])
    func whatAFieldMustBe(_ body: String, _ message: String) async throws {
        try await RunningServer.with { server in
            let reply = try await server.post("/v1/captions", .bytes(ByteBuffer(string: body)))
            #expect(reply.status == 400)
            let error = try reply.json()["error"] as? [String: Any]
            #expect(error?["message"] as? String == message)
        }
    }
}
