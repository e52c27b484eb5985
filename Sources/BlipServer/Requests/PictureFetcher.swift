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

    /// Refuses what would not be fetched, before any work.
    func check(_ address: PictureAddress) throws(ServiceError) {
        guard hosts.contains(address.hostAndPort) else {
            throw PictureAddress.refused(
                hosts.isEmpty
                    ? "this server fetches none" : "this server does not fetch from its host")
        }
    }

    /// The file at an address.
    func bytes(of address: PictureAddress) async throws -> [UInt8] {
        try await withTimeLimit(
            Limits.fetchTime,
            ServiceError(
                .badRequest, "url_too_slow", "The picture's URL did not answer in time; try again")
        ) {
            var address = address
            for _ in 0...Limits.redirections {
                switch try await fetch(address) {
                case .file(let bytes): return bytes
                case .elsewhere(let location):
                    address = try PictureAddress(location, relativeTo: address.url)
                }
            }
            throw PictureAddress.refused("it leads to ever other URLs")
        }
    }

    private enum Answer {
        case file([UInt8])
        case elsewhere(String)
    }

    private func fetch(_ address: PictureAddress) async throws -> Answer {
        try check(address)
        let resolved = try await resolve(address)
        guard allowsPrivateAddresses || resolved.isPublic, let number = resolved.ipAddress else {
            throw PictureAddress.refused("its host is not on the public internet")
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
                        timeout: .nanoseconds(Limits.fetchTime.nanoseconds)))
            } catch let error as HTTPClientError {
                throw Self.failure("\(error)")
            } catch let error as any Error & CustomStringConvertible where error is IOError {
                throw Self.failure("\(error)")
            }
        }
    }

    private static func answer(_ response: HTTPClientResponse) async throws -> Answer {
        if (300..<400).contains(response.status.code),
            let location = response.headers.first(name: "location")
        {
            return .elsewhere(location)
        }
        guard response.status == .ok else {
            throw failure("its host answers \(response.status.code)")
        }
        do {
            let body = try await response.body.collect(upTo: Limits.fetchBytes)
            return .file(Array(buffer: body))
        } catch is NIOTooManyBytesError {
            throw ServiceError(
                .contentTooLarge, "picture_too_large",
                "A picture's URL may give \(Limits.fetchBytes >> 20) MiB; send a smaller one")
        }
    }

    private func resolve(_ address: PictureAddress) async throws -> SocketAddress {
        do {
            // Blocks, and so not on a thread that tasks share.
            return try await NIOThreadPool.singleton.runIfActive {
                try SocketAddress.makeAddressResolvingHost(address.host, port: address.port)
            }
        } catch is SocketAddressError {
            throw Self.failure("its host's name has no address")
        }
    }

    private static func failure(_ why: String) -> ServiceError {
        ServiceError(
            .badRequest, "url_failed", "The picture's URL gives no picture: \(why); send another")
    }
}
