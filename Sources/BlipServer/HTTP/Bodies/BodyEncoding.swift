import Hummingbird
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOHTTPCompression

/// How a body is compressed (RFC 9110, 8.4.1).
enum BodyEncoding: String {
    case identity, gzip, deflate

    init(of request: Request) throws(ServiceError) {
        let name = (request.headers[.contentEncoding] ?? "identity").lowercased()
        guard let encoding = BodyEncoding(rawValue: name) else {
            throw ServiceError(
                .unsupportedMediaType, "unknown_encoding",
                "A body in the Content-Encoding \(name.prefix(40)) is not read; send it as it is, or "
                    + "as gzip")
        }
        self = encoding
    }

    /// The body as it was before it was compressed, no more than a body may have.
    func decode(_ body: [UInt8]) throws(ServiceError) -> [UInt8] {
        guard self != .identity else { return body }
        do {
            return try inflate(ByteBuffer(bytes: body))
        } catch NIOHTTPDecompression.DecompressionError.limit {
            throw .bodyTooLarge
        } catch {
            throw .invalid("The body is not in its Content-Encoding \(rawValue); send it so")
        }
    }

    private func inflate(_ body: ByteBuffer) throws -> [UInt8] {
        let channel = EmbeddedChannel(
            handler: NIOHTTPRequestDecompressor(limit: .size(Limits.bodyBytes)))
        let head = HTTPRequestHead(
            version: .http1_1, method: .POST, uri: "/",
            headers: ["content-encoding": rawValue, "content-length": "\(body.readableBytes)"])
        var whole: [UInt8] = []
        for part in [HTTPServerRequestPart.head(head), .body(body), .end(nil)] {
            try channel.writeInbound(part)
            while let part = try channel.readInbound(as: HTTPServerRequestPart.self) {
                if case .body(let piece) = part { whole += piece.readableBytesView }
            }
        }
        _ = try channel.finish()
        return whole
    }
}
