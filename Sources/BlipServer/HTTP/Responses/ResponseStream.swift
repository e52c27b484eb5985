import Foundation
import HTTPTypes
import Hummingbird

/// A response that is written while its work still runs.
enum ResponseStream {
    enum Format: Sendable {
        /// Server-sent events (WHATWG HTML), a JSON object each; the text ends the stream when all went
        /// well, such as `[DONE]`.
        case events(end: String?)
        /// A JSON object a line.
        case lines

        fileprivate var mediaType: String {
            switch self {
            case .events: "text/event-stream"
            case .lines: "application/x-ndjson"
            }
        }
    }

    /// Writes one JSON object.
    typealias Send = @Sendable (any Encodable) -> Void

    /// - Parameters:
    ///   - failure: an error in the protocol's form: the status has been sent by then.
    ///   - work: sends the objects; they are written as they come. It is cancelled when the reader has
    ///     gone.
    static func response(
        _ format: Format, failure: @escaping @Sendable (ServiceError) -> any Encodable,
        work: @escaping @Sendable (@escaping Send) async throws -> Void
    ) -> Response {
        var headers: HTTPFields = [.contentType: format.mediaType, .cacheControl: "no-store"]
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
                    if case .events(let end?) = format { source.yield(format.piece(ofText: end)) }
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

/// An object whose event has a name.
protocol NamedEvent: Encodable {
    var type: String { get }
}

extension ResponseStream.Format {
    fileprivate func piece(of object: any Encodable) throws -> ByteBuffer {
        piece(
            ofText: String(decoding: try JSONEncoder.service.encode(object), as: UTF8.self),
            event: (object as? any NamedEvent)?.type)
    }

    fileprivate func piece(ofText text: String, event: String? = nil) -> ByteBuffer {
        switch self {
        case .events:
            ByteBuffer(string: (event.map { "event: \($0)\n" } ?? "") + "data: \(text)\n\n")
        case .lines: ByteBuffer(string: "\(text)\n")
        }
    }
}

extension Admission.Permit {
    /// Answers a request and then releases the permit.
    ///
    /// - Parameters:
    ///   - stream: `nil` for an answer as a whole.
    ///   - errors: the form of an error in a stream.
    ///   - work: given where a stream's objects go; returns the whole answer, or a stream's last object.
    func respond(
        _ stream: ResponseStream.Format?, _ errors: ErrorFormat,
        work: @escaping @Sendable (ResponseStream.Send?) async throws -> (any Encodable & Sendable)?
    ) async throws -> Response {
        guard let stream else {
            defer { release() }
            guard let answer = try await limit({ try await work(nil) }) else { throw BatchError() }
            return try Response(json: answer)
        }
        return ResponseStream.response(stream, failure: errors.body(of:)) { send in
            defer { self.release() }
            if let last = try await self.limit({ try await work(send) }) { send(last) }
        }
    }
}
