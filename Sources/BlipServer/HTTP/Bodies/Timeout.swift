/// Runs `body`, which is cancelled and whose error becomes `error` when it takes too long.
func withTimeout<Result: Sendable>(
    _ time: Duration, _ error: ServiceError, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result.self) { group in
        group.addTask(operation: body)
        group.addTask {
            try await Task.sleep(for: time)
            throw error
        }
        defer { group.cancelAll() }
        guard let result = try await group.next() else { throw CancellationError() }
        return result
    }
}
