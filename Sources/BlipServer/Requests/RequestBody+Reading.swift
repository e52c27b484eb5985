import Foundation
import Hummingbird
import NIOCore

extension Request {
    /// The whole body, within the limits of size and time.
    func bytes() async throws -> ByteBuffer {
        if let length = headers[.contentLength].flatMap(Int.init), length > Limits.bytes {
            throw ServiceError.bodyTooLarge
        }
        let body = body
        return try await withThrowingTaskGroup(of: ByteBuffer.self) { group in
            group.addTask { try await body.collect(upTo: Limits.bytes) }
            group.addTask {
                try await Task.sleep(for: Limits.bodyTime)
                throw ServiceError(
                    .requestTimeout, "body_too_slow",
                    "The body did not arrive in time; send it again"
                )
            }
            defer { group.cancelAll() }
            guard let bytes = try await group.next() else { throw CancellationError() }
            return bytes
        }
    }

    /// The body as JSON.
    func json<Value: Decodable>(_ type: Value.Type) async throws -> Value {
        let bytes = try await bytes()
        do {
            return try JSONDecoder().decode(type, from: Data(buffer: bytes))
        } catch let error as DecodingError {
            throw ServiceError.invalid(error.sentence)
        }
    }

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
            return "The body is no JSON that can be read; see the page at / for examples"
        }
    }
}
