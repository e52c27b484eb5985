import Foundation

extension URL {
    /// For messages.
    var hostName: String { host ?? "the hub" }

    /// Without a name and a password.
    var publicText: String {
        var parts = URLComponents(url: self, resolvingAgainstBaseURL: true)
        parts?.user = nil
        parts?.password = nil
        return parts?.string ?? hostName
    }

    /// With another query.
    func asking(_ query: String?) -> URL {
        var parts = URLComponents(url: self, resolvingAgainstBaseURL: true)
        parts?.percentEncodedQuery = query
        return parts?.url ?? self
    }

    /// Whether it is the same server, which may have been found by `http` and answer by `https`.
    func isSameHost(as other: URL) -> Bool {
        guard let host, host.lowercased() == other.host?.lowercased() else { return false }
        let isUpgrade = scheme == "https" && other.scheme == "http" && port == nil
        return port == other.port && (scheme == other.scheme || isUpgrade)
    }
}
