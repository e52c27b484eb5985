public import Foundation

/// Where the hub and its cache are, as the environment variables of `huggingface_hub` say.
public struct HubConfiguration: Sendable {
    /// The hub's address.
    public var endpoint: URL
    /// Sent to the hub, and to no other host.
    public var token: String?
    /// The cache's folder.
    public var cache: URL
    /// Nothing may be fetched.
    public var isOffline: Bool
    /// The pause before the second try; each further one is twice as long.
    public var backoff: Duration = .seconds(1)
    /// How often a request is tried that the hub refuses for the moment.
    public var tries = 5
    /// How long a connection may be silent.
    public var idleTimeout: Duration = .seconds(20)

    /// - Parameters:
    ///   - endpoint: the hub's address, with the scheme `http` or `https`.
    ///   - token: sent to the hub, and to no other host.
    ///   - cache: the cache's folder, which need not exist.
    ///   - isOffline: whether nothing may be fetched.
    public init(endpoint: URL, token: String? = nil, cache: URL, isOffline: Bool = false) {
        self.endpoint = endpoint
        self.token = token
        self.cache = cache
        self.isOffline = isOffline
    }

    /// From `HF_ENDPOINT`, `HF_TOKEN`, `HF_HUB_CACHE`, `HF_HOME`, `XDG_CACHE_HOME` and
    /// `HF_HUB_OFFLINE`, with the defaults of `huggingface_hub`.
    ///
    /// - Throws: ``HubError`` for an endpoint that is no address.
    public init(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(HubError) {
        let value = { (name: String) in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let address = value("HF_ENDPOINT") ?? "https://huggingface.co"
        guard let endpoint = URL(string: address), ["http", "https"].contains(endpoint.scheme),
            endpoint.host != nil
        else {
            throw HubError(
                .invalidName,
                "HF_ENDPOINT is \"\(address.printable)\", which is no address; it begins with "
                    + "https://")
        }
        // As Python does: HOME first. (Foundation on Linux asks the user database alone.)
        let user =
            value("HOME").map { URL(filePath: $0) }
            ?? FileManager.default.homeDirectoryForCurrentUser
        let folder = { (path: String) in
            path.hasPrefix("~/") ? user.appending(path: path.dropFirst(2)) : URL(filePath: path)
        }
        let caches = value("XDG_CACHE_HOME").map(folder) ?? user.appending(path: ".cache")
        let home = value("HF_HOME").map(folder) ?? caches.appending(path: "huggingface")
        let tokenFile = value("HF_TOKEN_PATH").map(folder) ?? home.appending(path: "token")
        let stored = (try? String(contentsOf: tokenFile, encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines)
        self.init(
            endpoint: endpoint,
            token: value("HF_TOKEN") ?? stored.flatMap { $0.isEmpty ? nil : $0 },
            cache: (value("HF_HUB_CACHE") ?? value("HUGGINGFACE_HUB_CACHE")).map(folder)
                ?? home.appending(path: "hub"),
            isOffline: ["1", "on", "yes", "true"].contains(
                value("HF_HUB_OFFLINE")?.lowercased() ?? ""))
    }
}
