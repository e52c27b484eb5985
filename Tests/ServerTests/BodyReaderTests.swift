import Foundation
import Hummingbird
import NIOCore
import Testing

@testable import BlipServer

@Suite("Bodies in flight")
struct BodyReaderTests {
    private func request(_ pieces: [Int]) -> Request {
        let stream = AsyncStream<ByteBuffer> { source in
            for count in pieces { source.yield(ByteBuffer(repeating: 1, count: count)) }
            source.finish()
        }
        return Request(
            head: .init(method: .post, scheme: nil, authority: nil, path: "/"),
            body: .init(asyncSequence: stream))
    }

    @Test func theirMemoryIsBoundedTogetherAndGivenBack() async throws {
        let reader = BodyReader(limit: 100)
        let count = try await reader.withBytes(of: request([60, 40])) { $0.readableBytes }
        #expect(count == 100)
        let error = await #expect(throws: ServiceError.self) {
            try await reader.withBytes(of: request([60, 41])) { _ in }
        }
        #expect(error?.status == .tooManyRequests)
        #expect(error?.retryAfter == 1)
        // What failed gave back what it had taken.
        #expect(try await reader.withBytes(of: request([100])) { $0.readableBytes } == 100)
    }

    @Test func manySmallPieces() async throws {
        let pieces = [Int](repeating: 1, count: 65_000)
        let count = try await BodyReader().withBytes(of: request(pieces)) { $0.readableBytes }
        #expect(count == 65_000)
    }
}
