import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Speaks the hub's protocol: what a repository holds, what a file is, and its bytes.
struct HubClient: Sendable {
    struct Repository: Sendable {
        let commit: String
        let files: [String]
    }

    /// What the hub says of a file before it is fetched.
    struct FileMetadata: Sendable {
        /// SHA-256 for large files, git's SHA-1 for others; the blob's name in the cache.
        let hash: String
        let size: Int
        let address: URL
    }

    let configuration: HubConfiguration
    private let client: HTTPClient

    init(_ configuration: HubConfiguration, client: HTTPClient) {
        self.configuration = configuration
        self.client = client
    }

    /// A client for the configuration; whoever makes it shuts it down.
    static func makeHTTPClient(_ configuration: HubConfiguration) -> HTTPClient {
        var options = HTTPClient.Configuration(redirectConfiguration: .disallow)
        let idle = TimeAmount.nanoseconds(
            configuration.idleTimeout.components.seconds * 1_000_000_000
                + configuration.idleTimeout.components.attoseconds / 1_000_000_000)
        options.timeout = .init(connect: .seconds(15), read: idle)
        return HTTPClient(configuration: options)
    }

    func repository(
        _ name: RepositoryName, revision: String
    ) async throws -> Repository {
        let address = configuration.endpoint.appending(
            path: "api/models/\(name)/revision/"
        )
        .appending(component: revision)
        let response = try await send(.GET, address, about: "\(name)")
        let data = try await collect(response.body, limit: 8 << 20, about: "\(name)")
        struct Answer: Decodable {
            struct Sibling: Decodable { let rfilename: String }
            let sha: String
            let siblings: [Sibling]
        }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: data),
            SafeName.isHash(answer.sha)
        else {
            throw HubError(
                .wrongContent,
                "\(name): the hub's answer is no list of files; check HF_ENDPOINT")
        }
        return Repository(
            commit: answer.sha,
            files: answer.siblings.prefix(10_000).map(\.rfilename).filter(SafeName.isPath))
    }

    func metadata(
        of file: String, in name: RepositoryName, commit: String
    ) async throws -> FileMetadata {
        let address = configuration.endpoint.appending(path: "\(name)/resolve/\(commit)/\(file)")
        let response = try await send(.HEAD, address, about: "\(name)/\(file)", followsAll: false)
        let header = { (name: String) in response.headers.first(name: name) }
        let tag = (header("x-linked-etag") ?? header("etag"))?
            .replacing("W/", with: "").trimmingCharacters(in: ["\""])
        let size = (header("x-linked-size") ?? header("content-length")).flatMap { Int($0) }
        // No file is larger than 32 terabytes; sums of sizes then stay in range.
        guard let tag, SafeName.isHash(tag), let size, (0...1 << 45).contains(size) else {
            throw HubError(
                .wrongContent,
                "\(name)/\(file): the hub does not tell its size and hash; check HF_ENDPOINT")
        }
        return FileMetadata(hash: tag, size: size, address: address)
    }

    /// A file's bytes from an offset on.
    func download(
        _ metadata: FileMetadata, from offset: Int, about file: String
    ) async throws -> HTTPClientResponse {
        try await send(
            .GET, metadata.address, about: file,
            headers: offset > 0 ? ["Range": "bytes=\(offset)-"] : [:])
    }

    /// Sends a request; follows redirects, and tries again what may succeed later.
    ///
    /// - Parameter followsAll: also to other hosts, as large files are stored elsewhere; without,
    ///   such a redirect is the answer.
    private func send(
        _ method: HTTPMethod, _ address: URL, about subject: String,
        headers: [String: String] = [:], followsAll: Bool = true
    ) async throws -> HTTPClientResponse {
        var pause = configuration.backoff
        for attempt in 1... {
            try Task.checkCancellation()
            var problem = "does not answer"
            do {
                let response = try await follow(method, address, headers, followsAll)
                let status = Int(response.status.code)
                if (200..<400).contains(status) { return response }
                if status != 429, status < 500 { throw refusal(status, subject) }
                problem = "answers \(status)"
                if let wait = response.headers.first(name: "retry-after").flatMap({ Double($0) }),
                    wait.isFinite
                {
                    pause = max(pause, .seconds(min(max(wait, 0), 60)))
                }
            } catch let error as HubError {
                throw error
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                problem = "does not answer (\(error.shortDescription))"
            }
            guard attempt < configuration.tries else {
                throw HubError(
                    .unavailable,
                    "\(subject): \(configuration.endpoint.host ?? "the hub") \(problem), also after "
                        + "\(attempt) tries; check the network, or try again later")
            }
            try await Task.sleep(for: pause)
            pause *= 2
        }
        throw CancellationError()
    }

    private func follow(
        _ method: HTTPMethod, _ address: URL, _ headers: [String: String], _ followsAll: Bool
    ) async throws -> HTTPClientResponse {
        var address = address
        for _ in 0..<6 {
            var request = HTTPClientRequest(url: address.absoluteString)
            request.method = method
            for (name, value) in headers { request.headers.add(name: name, value: value) }
            // Hashes and sizes are of the bytes as they are, not of a compressed form.
            request.headers.add(name: "Accept-Encoding", value: "identity")
            request.headers.add(name: "User-Agent", value: "swift-blip")
            let isOwnHost =
                address.host == configuration.endpoint.host
                && address.port == configuration.endpoint.port
                && address.scheme == configuration.endpoint.scheme
            if isOwnHost, let token = configuration.token {
                request.headers.add(name: "Authorization", value: "Bearer \(token)")
            }
            let response = try await client.execute(request, deadline: .distantFuture)
            guard (300..<400).contains(response.status.code),
                let location = response.headers.first(name: "location"),
                let next = URL(string: location, relativeTo: address)?.absoluteURL
            else { return response }
            let isElsewhere = next.host != address.host || next.port != address.port
            if isElsewhere, !followsAll { return response }
            address = next
        }
        throw HubError(.unavailable, "\(address.host ?? "The hub") redirects without end")
    }

    private func refusal(_ status: Int, _ subject: String) -> HubError {
        switch status {
        case 401, 403:
            HubError(
                .unauthorized,
                "\(subject): the hub answers \(status), which means that it does not exist, is "
                    + "private or wants its licence accepted; check the name, accept the licence "
                    + "on its page, and set HF_TOKEN")
        case 404:
            HubError(
                .notFound,
                "\(subject): the hub does not have it; check the name and the revision")
        default:
            HubError(.unavailable, "\(subject): the hub answers \(status)")
        }
    }

    private func collect(
        _ body: HTTPClientResponse.Body, limit: Int, about subject: String
    ) async throws -> Data {
        do {
            return Data(try await body.collect(upTo: limit).readableBytesView)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw HubError(
                .wrongContent,
                "\(subject): the hub's answer breaks off or is too long; try again later")
        }
    }
}

extension Error {
    /// A few words, without the types' insides.
    var shortDescription: String { String(String(describing: self).prefix(160)) }
}
