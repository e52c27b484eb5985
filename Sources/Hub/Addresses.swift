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

    func isSameHost(as other: URL) -> Bool {
        host == other.host && port == other.port && scheme == other.scheme
    }
}
