import Foundation
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOHTTPCompression
import Testing

@testable import BlipServer

@Suite("Compressed bodies", .serialized)
struct BodyEncodingTests {
    private func gzip(_ data: Data) throws -> ByteBuffer {
        let channel = EmbeddedChannel(handler: NIOHTTPRequestCompressor(encoding: .gzip))
        let parts: [HTTPClientRequestPart] = [
            .head(HTTPRequestHead(version: .http1_1, method: .POST, uri: "/")),
            .body(.byteBuffer(ByteBuffer(bytes: data))), .end(nil),
        ]
        for part in parts { channel.write(part, promise: nil) }
        channel.flush()
        var compressed = ByteBuffer()
        while let part = try channel.readOutbound(as: HTTPClientRequestPart.self) {
            if case .body(.byteBuffer(var piece)) = part { compressed.writeBuffer(&piece) }
        }
        _ = try channel.finish()
        return compressed
    }

    private func caption(
        _ server: RunningServer, _ body: ByteBuffer, _ encoding: String
    ) async throws -> RunningServer.Reply {
        try await server.post(
            "/v1/captions", .bytes(body), type: "image/png",
            headers: [("content-encoding", encoding)])
    }

    @Test func aCompressedBodyIsReadAndOneThatIsNoneRefused() async throws {
        let picture = try gzip(Sample.dogs)
        let damaged = picture.getSlice(at: 0, length: picture.readableBytes - 20) ?? ByteBuffer()
        try await RunningServer.with { server in
            let reply = try await caption(server, picture, "gzip")
            #expect(reply.status == 200)
            #expect(reply.body.contains("four dogs on a yellow background"))
            #expect(try await caption(server, damaged, "gzip").status == 400)
            #expect(try await caption(server, ByteBuffer(bytes: Sample.dogs), "gzip").status == 400)
            #expect(try await caption(server, picture, "br").status == 415)
            // Of 60 kB, which unpack to more than a body may have.
            let bomb = try gzip(Data(count: Limits.bodyBytes + 1))
            #expect(try await caption(server, bomb, "gzip").status == 413)
            #expect(server.service.admission.bytesHeld == 0)
        }
    }

    @Test func deflate() throws {
        let bytes: [UInt8] = [
            120, 156, 75, 203, 47, 45, 82, 72, 201, 79, 47, 6, 0, 17, 180, 3, 138,
        ]
        let body = try BodyEncoding.deflate.decode(bytes)
        #expect(String(decoding: body, as: UTF8.self) == "four dogs")
    }
}
