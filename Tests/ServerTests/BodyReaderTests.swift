import BlipJSON
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

    private func read(_ pieces: [Int], _ memory: MemoryBudget.Reservation) async throws -> Int {
        try await BodyReader(memory: memory).bytes(of: request(pieces)).readableBytes
    }

    @Test func theirMemoryIsBoundedTogetherAndHeldUntilItIsGivenBack() async throws {
        let budget = MemoryBudget(limit: 100)
        let first = MemoryBudget.Reservation(of: budget)
        #expect(try await read([50, 10], first) == 60)
        // Read, but not yet answered.
        let error = await #expect(throws: ServiceError.self) {
            try await read([41], .init(of: budget))
        }
        #expect(error?.status == .tooManyRequests)
        #expect(error?.retryAfter == 1)
        // What was refused holds nothing.
        #expect(budget.used == 60)
        first.release()
        first.release()
        #expect(budget.used == 0)
        #expect(try await read([60, 40], .init(of: budget)) == 100)
    }

    @Test func aBodyThatIsPartlyHereWaitsForRoom() async throws {
        let budget = MemoryBudget(limit: 100)
        let first = MemoryBudget.Reservation(of: budget)
        #expect(try await read([60], first) == 60)
        let second = MemoryBudget.Reservation(of: budget)
        async let waiting = read([30, 20], second)
        while budget.used < 90 { await Task.yield() }
        first.release()
        #expect(try await waiting == 50)
    }

    @Test func aByteOrderMarkIsPassedOver() throws {
        let members = try orderedMembers(
            ["a"], of: ByteBuffer(string: "\u{FEFF}{\"b\": 1, \"a\": 2}"))
        #expect(members == ["a": .integer(2)])
        #expect(throws: ServiceError.self) {
            try orderedMembers(["a"], of: ByteBuffer(string: "\u{FEFF}"))
        }
    }

    @Test func manySmallPieces() async throws {
        let pieces = [Int](repeating: 1, count: 65_000)
        #expect(try await read(pieces, .init(of: MemoryBudget())) == 65_000)
    }
}
