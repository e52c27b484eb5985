import BlipJSON
import Foundation
import Hummingbird
import NIOCore
import Synchronization
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
        try await BodyReader(memory: memory).bytes(of: request(pieces)).count
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
            ["a"], of: Array("\u{FEFF}{\"b\": 1, \"a\": 2}".utf8))
        #expect(members == ["a": .integer(2)])
        #expect(throws: ServiceError.self) {
            try orderedMembers(["a"], of: Array("\u{FEFF}".utf8))
        }
    }

    @Test func largeBodiesAreUnpackedOneAfterAnother() async throws {
        let memory = MemoryBudget.Reservation(of: MemoryBudget())
        let running = Mutex(0)
        let atMost = Mutex(0)
        let work = { @Sendable (bytes: [UInt8]) in
            let count = running.withLock { count in
                count += 1
                return count
            }
            atMost.withLock { $0 = max($0, count) }
            Thread.sleep(forTimeInterval: 0.02)
            running.withLock { $0 -= 1 }
        }
        let large = [UInt8](repeating: 0, count: 2 << 20)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<6 { group.addTask { try await memory.unpack(large, work) } }
            try await group.waitForAll()
        }
        #expect(atMost.withLock(\.self) == 1)
        let gone = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await memory.unpack(large, work)
        }
        await #expect(throws: CancellationError.self) { try await gone.value }
    }

    @Test(arguments: [0, 1, 2, 3, 255, 256, 257]) func base64OfAnyLength(_ count: Int) {
        let bytes = (0..<count).map { UInt8($0 % 256) }
        let text = Data(bytes).base64EncodedString()
        let unpadded = text.replacing("=", with: "")
        let inLines = text.map { "\($0)\r\n" }.joined()
        for text in [text, unpadded, inLines, text.replacing("+", with: "-"), "\(text)=="] {
            #expect(Base64.bytes(of: text) == (bytes.isEmpty ? nil : bytes))
        }
    }

    @Test(arguments: ["A", "AAAAA", "=AAA", "AA=A", "AA.A", "AAé=", "AA\0A", " ", "===="])
    func whatIsNoBase64(_ text: String) {
        #expect(Base64.bytes(of: text) == nil)
    }

    @Test func manySmallPieces() async throws {
        let pieces = [Int](repeating: 1, count: 65_000)
        #expect(try await read(pieces, .init(of: MemoryBudget())) == 65_000)
    }
}
