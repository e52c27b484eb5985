import AsyncHTTPClient
import NIOCore
import NIOPosix

/// Fetches pictures from the hosts that the operator allows, and from nowhere else.
///
/// A host is resolved once and its address used for the connection, so that no second answer of the
/// name server can lead elsewhere; private addresses are refused, each redirection is checked anew.
struct PictureFetcher: Sendable {
    /// Names, with a port where it is not the scheme's own.
    let hosts: Set<String>
    /// For tests, whose servers are on this machine.
    var allowsPrivateAddresses = false
    /// The address of a host's name; blocks, and for as long as the system's name look-up likes.
    var lookUp: @Sendable (_ host: String, _ port: Int) throws -> SocketAddress = {
        try SocketAddress.makeAddressResolvingHost($0, port: $1)
    }
    /// For a picture to arrive.
    var time = Limits.fetchTimeout

    // Of their own: names that hang must not keep pictures from being decoded.
    private static let lookUpThreads = {
        let pool = NIOThreadPool(numberOfThreads: 4)
        pool.start()
        return pool
    }()

    /// Refuses what would not be fetched, before any work.
    func check(_ address: PictureURL) throws(ServiceError) {
        guard hosts.contains(address.hostAndPort) else {
            throw PictureURL.refused(
                hosts.isEmpty
                    ? "this server fetches none" : "this server does not fetch from its host")
        }
    }

    /// The file at an address.
    ///
    /// - Parameter memory: what it takes is counted there.
    func bytes(of address: PictureURL, _ memory: MemoryBudget.Reservation) async throws -> [UInt8] {
        try await withTimeout(
            time,
            ServiceError(
                .badRequest, "url_too_slow", "The picture's URL did not answer in time; try again")
        ) {
            var address = address
            for _ in 0...Limits.redirections {
                switch try await fetch(address, memory) {
                case .file(let bytes): return bytes
                case .elsewhere(let location):
                    address = try PictureURL(location, relativeTo: address.url)
                }
            }
            throw PictureURL.refused("it leads to ever other URLs")
        }
    }

    private enum Answer {
        case file([UInt8])
        case elsewhere(String)
    }

    private func fetch(
        _ address: PictureURL, _ memory: MemoryBudget.Reservation
    ) async throws -> Answer {
        try check(address)
        let resolved = try await resolve(address)
        guard allowsPrivateAddresses || resolved.isPublic, let number = resolved.ipAddress else {
            throw PictureURL.refused("its host is not on the public internet")
        }
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.dnsOverride = [address.host: number]
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        return try await HTTPClient.withHTTPClient(configuration: configuration) { client in
            do {
                return try await Self.answer(
                    try await client.execute(
                        HTTPClientRequest(url: address.url.absoluteString),
                        timeout: .nanoseconds(time.nanoseconds)), memory)
            } catch let error where !(error is ServiceError || error is CancellationError) {
                // Of the connection, its encryption or the answer.
                throw Self.failure("fetching it failed (\(error))")
            }
        }
    }

    private static func answer(
        _ response: HTTPClientResponse, _ memory: MemoryBudget.Reservation
    ) async throws -> Answer {
        if (300..<400).contains(response.status.code),
            let location = response.headers.first(name: "location")
        {
            return .elsewhere(location)
        }
        guard response.status == .ok else {
            throw failure("its host answers \(response.status.code)")
        }
        let tooLarge = ServiceError(
            .contentTooLarge, "picture_too_large",
            "A picture's URL may give \(Limits.fetchBytes >> 20) MiB; send a smaller one")
        return .file(
            try await memory.collect(response.body, upTo: Limits.fetchBytes, else: tooLarge))
    }

    private func resolve(_ address: PictureURL) async throws -> SocketAddress {
        do {
            // What blocks cannot be ended, but need not be waited for.
            let found = Task {
                try await Self.lookUpThreads.runIfActive {
                    try lookUp(address.host, address.port)
                }
            }
            defer { found.cancel() }
            return try await found.valueUnlessCancelled
        } catch let error where !(error is CancellationError) {
            throw Self.failure("its host's name has no address")
        }
    }

    private static func failure(_ why: String) -> ServiceError {
        ServiceError(
            .badRequest, "url_failed", "The picture's URL gives no picture: \(why); send another")
    }
}
