import Foundation
import Hummingbird
import NIOCore
import Synchronization

/// Reads bodies within the limits of size and time, and of the memory that all bodies in flight may
/// take together.
final class BodyReader: Sendable {
    private let limit: Int
    private let used = Mutex(0)

    /// - Parameter limit: bytes of all bodies that are being read at one time.
    init(limit: Int = Limits.bodyBytes) { self.limit = limit }

    /// The whole body, given to `body` while its memory is accounted for.
    func withBytes<Result>(
        of request: Request, _ body: (ByteBuffer) throws -> Result
    ) async throws -> Result {
        if let length = request.headers[.contentLength].flatMap(Int.init), length > Limits.bytes {
            throw ServiceError.bodyTooLarge
        }
        let share = Share(reader: self)
        defer { share.giveBack() }
        return try body(try await bytes(of: request.body, share))
    }

    /// The body as JSON.
    func json<Value: Decodable>(_ type: Value.Type, of request: Request) async throws -> Value {
        try await withBytes(of: request) { bytes in
            do {
                return try JSONDecoder().decode(type, from: Data(buffer: bytes))
            } catch let error as DecodingError {
                throw ServiceError.invalid(error.sentence)
            }
        }
    }

    private func bytes(of body: RequestBody, _ share: Share) async throws -> ByteBuffer {
        try await withTimeLimit(
            Limits.bodyTime,
            ServiceError(
                .requestTimeout, "body_too_slow", "The body did not arrive in time; send it again")
        ) {
            var bytes = ByteBuffer()
            do {
                for try await piece in body {
                    guard bytes.readableBytes + piece.readableBytes <= Limits.bytes else {
                        throw ServiceError.bodyTooLarge
                    }
                    try share.grow(by: piece.readableBytes)
                    bytes.writeImmutableBuffer(piece)
                }
            } catch let error where !(error is ServiceError || error is CancellationError) {
                // Chunks without a size, say, or a connection that ends before its body.
                throw ServiceError.invalid("The body does not come as its headers tell")
            }
            return bytes
        }
    }

    /// What one body takes of the memory.
    private final class Share: Sendable {
        private let reader: BodyReader
        private let bytes = Mutex(0)

        init(reader: BodyReader) { self.reader = reader }

        func grow(by count: Int) throws(ServiceError) {
            let fits = reader.used.withLock { used in
                guard used + count <= reader.limit else { return false }
                used += count
                return true
            }
            guard fits else {
                throw ServiceError(
                    .tooManyRequests, "overloaded",
                    "Too many pictures are being sent at this moment; try again soon",
                    retryAfter: 1)
            }
            bytes.withLock { $0 += count }
        }

        func giveBack() {
            let count = bytes.withLock { bytes in
                defer { bytes = 0 }
                return bytes
            }
            reader.used.withLock { $0 -= count }
        }
    }
}

extension Request {
    /// The body's type without parameters, in lower case.
    var mediaType: String {
        let value = headers[.contentType] ?? ""
        return value.prefix { $0 != ";" }.lowercased().filter { !$0.isWhitespace }
    }
}

extension DecodingError {
    /// What is wrong with which field.
    var sentence: String {
        func path(_ keys: [any CodingKey], _ last: (any CodingKey)? = nil) -> String {
            let names = (keys + (last.map { [$0] } ?? [])).map { key in
                key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)"
            }
            let joined = names.joined()
            return joined.hasPrefix(".") ? String(joined.dropFirst()) : joined
        }
        switch self {
        case .keyNotFound(let key, let context):
            return "\(path(context.codingPath, key)) is missing"
        case .typeMismatch(let type, let context):
            return "\(path(context.codingPath)) is of another type than expected (\(type))"
        case .valueNotFound(_, let context):
            return "\(path(context.codingPath)) must not be null"
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            return "\(path(context.codingPath)): \(context.debugDescription)"
        default:
            return
                "The body is no JSON that can be read; a picture is sent with its own Content-Type, such as "
                + "image/jpeg"
        }
    }
}
