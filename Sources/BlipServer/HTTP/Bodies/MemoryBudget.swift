import NIOCore
import Synchronization

/// The memory that bodies and fetched pictures of all requests may take together.
final class MemoryBudget: Sendable {
    private let limit: Int
    private let taken = Mutex(0)

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
        ) async throws -> ByteBuffer {
            var bytes = ByteBuffer()
            for try await piece in pieces {
                guard bytes.readableBytes + piece.readableBytes <= limit else { throw error }
                try grow(by: piece.readableBytes)
                bytes.writeImmutableBuffer(piece)
            }
            // Of a connection that is being closed the pieces end as if they were all.
            try Task.checkCancellation()
            return bytes
        }

        /// - Throws: where all requests together would have too much.
        func grow(by count: Int) throws(ServiceError) {
            let fits = budget.taken.withLock { used in
                guard used + count <= budget.limit else { return false }
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

        func release() {
            let count = bytes.withLock { bytes in
                defer { bytes = 0 }
                return bytes
            }
            budget.taken.withLock { $0 -= count }
        }
    }
}
