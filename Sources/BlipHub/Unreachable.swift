import Foundation

/// Nobody answered, or not to the end.
struct Unreachable: Error {
    let problem: ConnectionProblem
    /// Whose doing it is, for messages: the host, or the proxy before it.
    let party: String

    /// - Throws: `CancellationError` where the connection ended because the task was cancelled.
    init(_ error: any Error, address: URL, proxy: Proxy?) throws {
        try Task.checkCancellation()
        problem = ConnectionProblem(error, to: address.hostName)
        party = problem.isFirstHop ? proxy?.name ?? address.hostName : address.hostName
    }

    func described(_ subject: String) -> HubError {
        HubError(.unavailable, "\(subject): \(party) \(problem.words); \(problem.advice)")
    }
}

extension Duration {
    /// Rounded up.
    var wholeSeconds: Int64 { components.seconds + (components.attoseconds > 0 ? 1 : 0) }
}
