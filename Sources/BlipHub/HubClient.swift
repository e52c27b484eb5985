import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Speaks the hub's protocol: what a repository holds, and the bytes of a file.
struct HubClient: Sendable {
    /// An answer, and who gave it: large files are stored on other hosts.
    struct Answer: Sendable {
        let response: HTTPClientResponse
        let address: URL
    }

    let configuration: HubConfiguration
    let connections: Connections
    let name: RepositoryName
    /// Told why it is waited.
    let notify: @Sendable (String) -> Void

    /// Fetches something small whole.
    func data(
        _ address: URL, limit: Int, about subject: String
    ) async throws -> (Data, HTTPHeaders) {
        try await send(address, about: subject) { answer in
            do {
                let body = try await answer.response.body.collect(upTo: limit)
                return (Data(body.readableBytesView), answer.response.headers)
            } catch is NIOTooManyBytesError {
                throw HubError(
                    .wrongContent,
                    "\(subject): the answer of \(answer.address.hostName) is too long; check "
                        + "HF_ENDPOINT")
            } catch {
                throw try Unreachable(error, address: answer.address, proxy: nil)
            }
        }
    }

    /// The bytes of a file from an offset on.
    func download(_ file: String, commit: String, from offset: Int) async throws -> Answer {
        try await send(
            address(of: file, commit: commit), about: "\(name)/\(file)",
            headers: offset > 0 ? ["Range": "bytes=\(offset)-"] : [:]
        ) { $0 }
    }

    func address(of file: String, commit: String) -> URL {
        configuration.endpoint.appending(path: "\(name)/resolve/\(commit)/\(file)")
    }

    /// Sends a request and reads the answer; tries again what may succeed later.
    private func send<Result: Sendable>(
        _ address: URL, about subject: String, headers: HTTPHeaders = [:],
        _ read: (Answer) async throws -> Result
    ) async throws -> Result {
        var pause = configuration.backoff
        for attempt in 1... {
            try Task.checkCancellation()
            var wait = pause
            var problem = ""
            do {
                let answer = try await follow(address, headers)
                let status = Int(answer.response.status.code)
                if (200..<300).contains(status) || status == 416 { return try await read(answer) }
                guard RetryAfter.mayPass(status) else { throw refusal(answer, subject) }
                problem = "\(answer.address.hostName) answers \(status)"
                if let told = RetryAfter.seconds(answer.response.headers) {
                    guard told <= Self.longestRetryAfter else {
                        throw HubError(
                            .unavailable,
                            "\(subject): \(problem) and wants to be asked again in "
                                + "\(Int(min(told / 60, 1e6))) minutes; pull again then")
                    }
                    wait = max(wait, .seconds(told))
                }
            } catch let error as Unreachable {
                guard !error.problem.isLasting else { throw error.described(subject) }
                problem = "\(error.party) \(error.problem.words)"
            }
            guard attempt < configuration.tries else {
                throw HubError(
                    .unavailable,
                    "\(subject): \(problem), also after \(attempt) tries; check the network, or try "
                        + "again later")
            }
            if wait >= .seconds(1) { notify("\(problem); asked again in \(wait.wholeSeconds) s") }
            try await Task.sleep(for: wait)
            pause *= 2
        }
        throw CancellationError()
    }

    /// The hub's windows are of five minutes; a longer wait is the user's.
    private static let longestRetryAfter = 330.0

    /// Sends a request, and again to where it is redirected.
    private func follow(_ address: URL, _ headers: HTTPHeaders) async throws -> Answer {
        var address = address
        for _ in 0..<6 {
            let response = try await execute(address, headers)
            guard (300..<400).contains(response.status.code),
                let location = response.headers.first(name: "location"),
                let next = URL(string: location, relativeTo: address)?.absoluteURL
            else { return Answer(response: response, address: address) }
            // One to the new name of a repository may forget what was asked of it.
            address = next.query == nil ? next.asking(address.query) : next
        }
        throw HubError(
            .unavailable, "\(address.hostName) redirects without end; check HF_ENDPOINT")
    }

    private func execute(
        _ address: URL, _ headers: HTTPHeaders
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: address.absoluteString)
        request.headers = headers
        // Hashes, sizes and ranges are of the bytes as they are, not of a compressed form.
        request.headers.add(name: "Accept-Encoding", value: "identity")
        request.headers.add(name: "User-Agent", value: "swift-blip")
        if address.isSameHost(as: configuration.endpoint), let token = configuration.token {
            request.headers.add(name: "Authorization", value: try token.credentials())
        }
        let (client, proxy) = try await connections.client(for: address)
        do {
            return try await client.execute(request, deadline: .distantFuture)
        } catch {
            throw try Unreachable(error, address: address, proxy: proxy)
        }
    }

    private func refusal(_ answer: Answer, _ subject: String) -> HubError {
        Refusal(
            subject: subject, name: name, endpoint: configuration.endpoint,
            token: configuration.token, host: answer.address.hostName,
            isHub: answer.address.isSameHost(as: configuration.endpoint)
        ).error(
            status: Int(answer.response.status.code), headers: answer.response.headers)
    }
}
