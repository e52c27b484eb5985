import Foundation
import HTTPTypes
import Hummingbird

/// A response that is written while its work still runs.
enum ResponseStream {
    enum Format {
        /// Server-sent events (WHATWG HTML), a JSON object each.
        case events
        /// A JSON object a line.
        case lines

        var mediaType: String { self == .events ? "text/event-stream" : "application/x-ndjson" }
    }

    /// Writes one JSON object.
    typealias Send = @Sendable (any Encodable) -> Void

    /// - Parameters:
    ///   - last: what ends the stream when all went well, such as `[DONE]`.
    ///   - failure: an error in the protocol's form: the status has been sent by then.
    ///   - work: sends the objects; they are written as they come. It is cancelled when the reader has
    ///     gone.
    static func response(
        _ format: Format, last: String? = nil,
        failure: @escaping @Sendable (ServiceError) -> any Encodable,
        work: @escaping @Sendable (@escaping Send) async throws -> Void
    ) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = format.mediaType
        headers[.cacheControl] = "no-store"
        // Proxies such as nginx pass it on as it comes.
        headers["x-accel-buffering"] = "no"
        let body = ResponseBody { writer in
            let (pieces, source) = AsyncStream<ByteBuffer>.makeStream()
            let send: Send = { object in
                if let piece = try? format.piece(of: object) { source.yield(piece) }
            }
            let work = Task {
                defer { source.finish() }
                do {
                    try await work(send)
                    if let last { source.yield(format.piece(ofText: last)) }
                } catch {
                    send(failure(ServiceError(error)))
                    throw error
                }
            }
            defer { work.cancel() }
            for await piece in pieces {
                do {
                    try await writer.write(piece)
                } catch {
                    throw CancellationError()
                }
            }
            // What breaks off is left without an end, so that nobody takes it for the whole.
            try Task.checkCancellation()
            try await work.value
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }
}

extension ResponseStream.Format {
    fileprivate func piece(of object: any Encodable) throws -> ByteBuffer {
        piece(ofText: String(decoding: try JSONEncoder.service.encode(object), as: UTF8.self))
    }

    fileprivate func piece(ofText text: String) -> ByteBuffer {
        ByteBuffer(string: self == .events ? "data: \(text)\n\n" : "\(text)\n")
    }
}

extension JSONEncoder {
    static var service: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}

extension HTTPFields {
    /// A field of a name that HTTPTypes has no constant for.
    subscript(name: String) -> String? {
        get { HTTPField.Name(name).flatMap { self[$0] } }
        set {
            if let name = HTTPField.Name(name) { self[name] = newValue }
        }
    }
}

/// A response of one JSON object.
func jsonResponse(
    _ object: some Encodable, status: HTTPResponse.Status = .ok
) throws -> Response {
    var headers = HTTPFields()
    headers[.contentType] = "application/json"
    return Response(
        status: status, headers: headers,
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: try JSONEncoder.service.encode(object))))
}
