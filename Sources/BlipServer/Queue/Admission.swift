import Synchronization

/// Admission control: counts the requests that work is done for, and refuses more than a limit before any work.
final class Admission: Sendable {
    private struct State {
        var count = 0
        var total = 0
        /// Of a request from admission to its end; a running mean.
        var meanSeconds = 0.5
        var isClosed = false
    }

    private let memory = MemoryBudget()
    private let limit: Int
    private let requestTimeout: Duration?
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: the most requests.
    ///   - requestTimeout: for a request, from its permit on.
    init(limit: Int, requestTimeout: Duration? = nil) {
        self.limit = max(1, limit)
        self.requestTimeout = requestTimeout
    }

    /// Requests that are running or waiting.
    var count: Int { state.withLock { $0.count } }

    /// Requests that were admitted since the beginning.
    var total: Int { state.withLock { $0.total } }

    /// Memory of their bodies, in bytes.
    var bytesHeld: Int { memory.used }

    /// Reads a request's body; refuses where there is no room, so that it need not even be read.
    func reader() throws(ServiceError) -> BodyReader {
        let state = state.withLock { $0 }
        guard !state.isClosed, state.count < limit else { throw refusal(state) }
        return BodyReader(memory: MemoryBudget.Reservation(of: memory))
    }

    /// Takes a permit, or refuses; whoever holds it ends with ``Permit/release()``.
    ///
    /// - Parameter memory: what the request's body takes, which is released with the permit.
    func acquire(_ memory: MemoryBudget.Reservation) throws(ServiceError) -> Permit {
        let refused = state.withLock { state in
            guard !state.isClosed, state.count < limit else { return state as State? }
            state.count += 1
            state.total += 1
            return nil
        }
        if let refused { throw refusal(refused) }
        return Permit(admission: self, memory)
    }

    /// Admits no request from now on; those that were admitted are worked for.
    func close() { state.withLock { $0.isClosed = true } }

    private func refusal(_ state: State) -> ServiceError {
        if state.isClosed {
            return ServiceError(
                .serviceUnavailable, "ending",
                "The server is ending; ask another, or try again in a moment",
                retryAfter: 1)
        }
        // How long the queue takes to empty, at the pace of late.
        let seconds = Int((state.meanSeconds * Double(state.count) / 2).rounded(.up))
        return ServiceError(
            .tooManyRequests, "overloaded",
            "\(limit) requests are waiting already; try again in a moment",
            retryAfter: min(max(seconds, 1), 60))
    }

    /// The right to be worked for; released once.
    final class Permit: Sendable {
        let memory: MemoryBudget.Reservation
        private let admission: Admission
        private let start = ContinuousClock.now
        private let isReleased = Mutex(false)

        fileprivate init(admission: Admission, _ memory: MemoryBudget.Reservation) {
            self.admission = admission
            self.memory = memory
        }
        deinit { release() }

        /// Works for the request, until its time is over.
        func limit<Result: Sendable>(
            _ work: @escaping @Sendable () async throws -> Result
        ) async throws -> Result {
            guard let timeout = admission.requestTimeout else { return try await work() }
            return try await withTimeout(
                timeout - (ContinuousClock.now - start),
                ServiceError(
                    .serviceUnavailable, "timeout",
                    "The request took longer than this server allows; try again, or ask for less",
                    retryAfter: 1), work)
        }

        func release() {
            let isFirst = isReleased.withLock { isReleased in
                defer { isReleased = true }
                return !isReleased
            }
            guard isFirst else { return }
            memory.release()
            let seconds = (ContinuousClock.now - start).seconds
            admission.state.withLock {
                $0.count -= 1
                $0.meanSeconds += (seconds - $0.meanSeconds) / 16
            }
        }
    }
}

extension Duration {
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
