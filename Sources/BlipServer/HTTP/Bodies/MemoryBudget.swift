import NIOCore
import NIOPosix
import Synchronization

/// The memory that bodies and fetched pictures of all requests may take together.
final class MemoryBudget: Sendable {
    /// Bytes of a body from which on its memory matters.
    static let large = 1 << 20

    private let limit: Int
    private let taken = Mutex(0)
    // One thread, so that large bodies wait for each other, and what is allocated for one serves the next.
    private static let unpackingThread = {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        return pool
    }()

    /// Bytes that are held now.
    var used: Int { taken.withLock(\.self) }

    /// - Parameter limit: in bytes.
    init(limit: Int = Limits.totalBodyBytes) { self.limit = limit }

    /// What one request takes of it, until it is answered.
    final class Reservation: Sendable {
        private let budget: MemoryBudget
        private let bytes = Mutex(0)

        init(of budget: MemoryBudget) { self.budget = budget }
        deinit { release() }

        /// Takes what comes, piece by piece.
        ///
        /// - Parameters:
        ///   - limit: the most bytes.
        ///   - error: thrown where there are more.
        /// - Throws: also a ``ServiceError`` where all requests together have too much.
        func collect(
            _ pieces: some AsyncSequence<ByteBuffer, any Error>, upTo limit: Int,
            else error: ServiceError
        ) async throws -> [UInt8] {
            var bytes: [UInt8] = []
            for try await piece in pieces {
                guard bytes.count + piece.readableBytes <= limit else { throw error }
                try await waitAndGrow(by: piece.readableBytes)
                if bytes.count >= MemoryBudget.large { bytes.reserveOwnMemory() }
                piece.withUnsafeReadableBytes { bytes.append(contentsOf: $0) }
            }
            // Of a connection that is being closed the pieces end as if they were all.
            try Task.checkCancellation()
            return bytes
        }

        /// Makes something of a body. Large ones wait for each other: what JSON takes while it is decoded is
        /// more than the body, and is not counted.
        func unpack<Result: Sendable>(
            _ bytes: [UInt8], _ make: @escaping @Sendable ([UInt8]) throws -> Result
        ) async throws -> Result {
            guard bytes.count >= MemoryBudget.large else { return try make(bytes) }
            // Whoever is gone meanwhile needs nothing.
            try Task.checkCancellation()
            return try await MemoryBudget.unpackingThread.runIfActive { try make(bytes) }
        }

        /// - Throws: where all requests together would have too much.
        func grow(by count: Int) throws(ServiceError) {
            guard takes(count) else { throw Self.overloaded }
        }

        /// Waits for room where some of the body is here: the more there is, the longer, and each for another
        /// time. Where many bodies come at once and none has room for its rest, a few give way to the others.
        private func waitAndGrow(by count: Int) async throws {
            if takes(count) { return }
            let held = Double(bytes.withLock(\.self))
            let share = min(1, held * 12 / Double(budget.limit))
            let end = ContinuousClock.now + .seconds(4 * share * Double.random(in: 0.25...1))
            while !takes(count) {
                guard ContinuousClock.now < end else { throw Self.overloaded }
                try await Task.sleep(for: .milliseconds(20))
            }
        }

        private func takes(_ count: Int) -> Bool {
            let fits = budget.taken.withLock { used in
                guard used + count <= budget.limit else { return false }
                used += count
                return true
            }
            if fits { bytes.withLock { $0 += count } }
            return fits
        }

        private static var overloaded: ServiceError {
            ServiceError(
                .tooManyRequests, "overloaded",
                "Too many pictures are being sent at this moment; try again soon", retryAfter: 1)
        }

        func release() {
            let count = bytes.withLock { bytes in
                defer { bytes = 0 }
                return bytes
            }
            budget.taken.withLock { $0 -= count }
        }
    }
}

extension [UInt8] {
    /// Makes room for as much as a body may have. Room that is not written to is no memory yet, and as much as
    /// this glibc gives back to the system when it is freed: smaller arrays stay with the thread that made
    /// them, for each thread once.
    mutating func reserveOwnMemory() { reserveCapacity(Limits.bodyBytes) }
}
