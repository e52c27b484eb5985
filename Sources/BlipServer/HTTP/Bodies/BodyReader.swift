import Foundation
import Hummingbird
import NIOCore

/// Reads one request's body within the limits of size, time and memory.
struct BodyReader: Sendable {
    /// What the body takes, for as long as anything of it is held.
    let memory: MemoryBudget.Reservation

    /// The whole body.
    func bytes(of request: Request) async throws -> [UInt8] {
        if let length = request.headers[.contentLength].flatMap(Int.init), length > Limits.bodyBytes
        {
            throw ServiceError.bodyTooLarge
        }
        let encoding = try BodyEncoding(of: request)
        let body = try await withTimeout(
            Limits.bodyTimeout,
            ServiceError(
                .requestTimeout, "body_too_slow", "The body did not arrive in time; send it again")
        ) {
            do {
                return try await memory.collect(
                    request.body, upTo: Limits.bodyBytes, else: .bodyTooLarge)
            } catch let error where !(error is ServiceError || error is CancellationError) {
                // Chunks without a size, say, or a connection that ends before its body.
                throw ServiceError.invalid(
                    "The body does not come as its headers tell; send it again")
            }
        }
        let decoded = try encoding.decode(body)
        try memory.grow(by: max(0, decoded.count - body.count))
        return decoded
    }

    /// What is made of the body, which is let go of then.
    func read<Result: Sendable>(
        _ request: Request, _ make: @escaping @Sendable ([UInt8]) throws -> Result
    ) async throws -> Result {
        try await memory.unpack(try await bytes(of: request), make)
    }

    /// What is made of the body as JSON, which is let go of then: it has the pictures once more.
    ///
    /// - Parameter make: given the body's bytes, too.
    func json<Value: Decodable & SendableMetatype, Result: Sendable>(
        _ type: Value.Type, of request: Request,
        _ make: @escaping @Sendable (Value, [UInt8]) throws -> Result
    ) async throws -> Result {
        try await read(request) { bytes in try make(try Self.decode(type, from: bytes), bytes) }
    }

    static func decode<Value: Decodable, Bytes: ContiguousBytes>(
        _ type: Value.Type, from json: Bytes
    ) throws(ServiceError) -> Value {
        do {
            return try json.withUnsafeBytes { bytes in
                // Without a copy: the decoder does not keep what it reads.
                let data = bytes.baseAddress.map {
                    Data(
                        bytesNoCopy: UnsafeMutableRawPointer(mutating: $0), count: bytes.count,
                        deallocator: .none)
                }
                return try JSONDecoder().decode(type, from: data ?? Data())
            }
        } catch let error as DecodingError {
            throw .invalid(error.sentence)
        } catch {
            throw ServiceError(error)
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
    fileprivate var sentence: String {
        func path(_ keys: [any CodingKey]) -> String {
            let names = keys.map { key in
                key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)"
            }.joined()
            return names.isEmpty ? "The body" : String(names.drop { $0 == "." })
        }
        switch self {
        case .keyNotFound(let key, let context):
            return "\(path(context.codingPath + [key])) is missing; send it"
        case .typeMismatch(let type, let context):
            return "\(path(context.codingPath)) must be \(Self.word(for: type)); send it so"
        case .valueNotFound(let type, let context):
            return
                "\(path(context.codingPath)) is null and must be \(Self.word(for: type)); send it so"
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            return "\(path(context.codingPath)): \(context.debugDescription)"
        default:
            return
                "The body is no JSON that can be read; a picture is sent with its own Content-Type, such as "
                + "image/jpeg"
        }
    }

    /// What JSON calls a type.
    private static func word(for type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a text"
        case is Bool.Type: "true or false"
        case is any Numeric.Type: "a number"
        case is any RangeReplaceableCollection.Type: "a list"
        default: "an object"
        }
    }
}
